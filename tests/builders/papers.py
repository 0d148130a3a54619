"""Documents made for a test: PDF, pictures, electronic invoices as XML, OFD and PDF. All invented."""

from __future__ import annotations

import base64
import io
import zipfile
from dataclasses import dataclass, replace
from datetime import date

import segno
from PIL import ExifTags, Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

HEIC_WITH_POSITION = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAb5tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA"
    "ADRpbG9jAAAAAERAAAIAAQAAAAAB4gABAAAAAAAAADQAAgAAAAACFgABAAAAAAAAAJwAAAA4aWluZgAAAAAAAgAAABVpbmZlAgAA"
    "AAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAA/WlwcnAAAADdaXBjbwAAAHZodmNDAQNwAAAA"
    "kAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq"
    "5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xh"
    "cAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBpeGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAA"
    "ABppcmVmAAAAAAAAAA5jZHNjAAIAAQABAAAA2G1kYXQAAAAwKAGvC2D63PpVoa/8Uewe5zS7zBhP74GP3aW+UHJv81NfVxcKNIxg"
    "x6iz89m+jKckAAAABkV4aWYAAE1NACoAAAAIAAIBDwACAAAABgAAACaIJQAEAAAAAQAAACwAAAAAUGhvbmUAAAQAAQACAAAAAk4A"
    "AAAAAgAFAAAAAwAAAGIAAwACAAAAAkUAAAAABAAFAAAAAwAAAHoAAAAAAAAAFgAAAAEAAAAeAAAAAQAAAAAAAAABAAAAcgAAAAEA"
    "AAADAAAAAQAAAAAAAAAB"
)
"""A picture of 64 by 48 dots from a phone, with the position where it was taken."""


@dataclass(frozen=True, slots=True)
class Invoice:
    """What an invented electronic invoice says. A `code` makes it one of the older kind."""

    number: str = "25442000000012345678"
    code: str = ""
    issued_on: date = date(2026, 3, 5)
    net: str = "1200.00"
    tax: str = "72.00"
    total: str = "1272.00"
    seller: str = "深圳市虚构仪器有限公司"
    seller_id: str = "91440300MA5FAKE01X"
    buyer: str = "河套虚构大学"
    buyer_id: str = "12440300FAKE00002Y"


INVOICE = Invoice()
OLD_INVOICE = replace(INVOICE, number="12345678", code="044031900111")


def xml_invoice(invoice: Invoice = INVOICE) -> bytes:
    """The fully digitalised invoice as the tax service gives it out."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<EInvoice><Header><EIid>{invoice.number}</EIid><Version>0.2</Version></Header><EInvoiceData>
<SellerInformation><SellerIdNum>{invoice.seller_id}</SellerIdNum><SellerName>{invoice.seller}</SellerName>
</SellerInformation><BuyerInformation><BuyerIdNum>{invoice.buyer_id}</BuyerIdNum><BuyerName>{invoice.buyer}</BuyerName>
</BuyerInformation><BasicInformation><TotalAmWithoutTax>{invoice.net}</TotalAmWithoutTax>
<TotalTaxAm>{invoice.tax}</TotalTaxAm><TotalTax-includedAmount>{invoice.total}</TotalTax-includedAmount>
<RequestTime>{invoice.issued_on} 10:11:12</RequestTime></BasicInformation>
<IssuItemInformation><ItemName>*仪器*试剂</ItemName><Amount>{invoice.net}</Amount><ComTaxAm>{invoice.tax}</ComTaxAm>
<TotaltaxIncludedAmount>{invoice.total}</TotaltaxIncludedAmount></IssuItemInformation></EInvoiceData>
<TaxSupervisionInfo><InvoiceNumber>{invoice.number}</InvoiceNumber><IssueTime>{invoice.issued_on}</IssueTime>
</TaxSupervisionInfo></EInvoice>""".encode()


def older_xml(invoice: Invoice = OLD_INVOICE) -> bytes:
    """The older electronic invoice, as OFD packages carry it."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<fp:eInvoice xmlns:fp="http://www.edrm.org.cn/schema/e-invoice/2019"><fp:InvoiceCode>{invoice.code}</fp:InvoiceCode>
<fp:InvoiceNo>{invoice.number}</fp:InvoiceNo><fp:IssueDate>{invoice.issued_on:%Y年%m月%d日}</fp:IssueDate>
<fp:Buyer><fp:BuyerName>{invoice.buyer}</fp:BuyerName><fp:BuyerTaxID>{invoice.buyer_id}</fp:BuyerTaxID></fp:Buyer>
<fp:Seller><fp:SellerName>{invoice.seller}</fp:SellerName><fp:SellerTaxID>{invoice.seller_id}</fp:SellerTaxID>
</fp:Seller><fp:TaxExclusiveTotalAmount>{invoice.net}</fp:TaxExclusiveTotalAmount>
<fp:TaxTotalAmount>{invoice.tax}</fp:TaxTotalAmount>
<fp:TaxInclusiveTotalAmount>{invoice.total}</fp:TaxInclusiveTotalAmount></fp:eInvoice>""".encode()


def packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


_OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def ofd_parts(invoice: Invoice = OLD_INVOICE, *, attached: bool = True) -> dict[str, bytes]:
    """The parts of an OFD package: with the invoice's XML attached, or with its data and tags on the page only."""
    data = {
        "发票号码": invoice.number,
        "发票代码": invoice.code,
        "开票日期": f"{invoice.issued_on:%Y年%m月%d日}",
        "合计税额": invoice.tax,
        "合计金额": invoice.net,
        "销售方纳税人识别号": invoice.seller_id,
        "购买方纳税人识别号": invoice.buyer_id,
    }
    custom = "".join(f'<ofd:CustomData Name="{name}">{value}</ofd:CustomData>' for name, value in data.items() if value)
    attachments = "<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>" if attached else ""
    parts = {
        "OFD.xml": f"<ofd:OFD {_OFD} DocType='OFD' Version='1.0'><ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID>"
        f"<ofd:CustomDatas>{'' if attached else custom}</ofd:CustomDatas></ofd:DocInfo>"
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {_OFD}><ofd:CommonData><ofd:MaxUnitID>9</ofd:MaxUnitID><ofd:PageArea>"
        "<ofd:PhysicalBox>0 0 210 140</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages>"
        f"<ofd:Page ID='1' BaseLoc='Pages/Page_0/Content.xml'/></ofd:Pages>{attachments}"
        "<ofd:CustomTags>Tags/CustomTags.xml</ofd:CustomTags></ofd:Document>",
        "Doc_0/Pages/Page_0/Content.xml": f"<ofd:Page {_OFD}><ofd:Content><ofd:Layer ID='2'><ofd:TextObject ID='3' "
        f"Boundary='0 0 9 9' Font='4' Size='3'><ofd:TextCode X='0' Y='0'>{invoice.seller}</ofd:TextCode>"
        "</ofd:TextObject></ofd:Layer></ofd:Content></ofd:Page>",
        "Doc_0/Tags/CustomTags.xml": f"<ofd:CustomTags {_OFD}><ofd:CustomTag NameSpace='x'><ofd:FileLoc>CustomTag.xml"
        "</ofd:FileLoc></ofd:CustomTag></ofd:CustomTags>",
        "Doc_0/Tags/CustomTag.xml": f"<ofd:root {_OFD}><ofd:SellerName><ofd:ObjectRef PageRef='1'>3</ofd:ObjectRef>"
        f"</ofd:SellerName><ofd:InvoiceNo>{invoice.number}</ofd:InvoiceNo></ofd:root>",
    }
    if attached:
        parts["Doc_0/Attachs/Attachments.xml"] = (
            f"<ofd:Attachments {_OFD}><ofd:Attachment ID='8' Name='original_invoice' Format='xml'>"
            "<ofd:FileLoc>original_invoice.xml</ofd:FileLoc></ofd:Attachment></ofd:Attachments>"
        )
        parts["Doc_0/Attachs/original_invoice.xml"] = (
            older_xml(invoice) if invoice.code else xml_invoice(invoice)
        ).decode()
    return {name: part.encode() for name, part in parts.items()}


def ofd_invoice(invoice: Invoice = OLD_INVOICE, *, attached: bool = True) -> bytes:
    """An OFD package of the invoice."""
    return packed(ofd_parts(invoice, attached=attached))


def code_text(invoice: Invoice) -> str:
    """What the code printed on the invoice holds."""
    if invoice.code:
        return f"01,10,{invoice.code},{invoice.number},{invoice.net},{invoice.issued_on:%Y%m%d},4975,0816,"
    return f"01,32,,{invoice.number},{invoice.total},{invoice.issued_on:%Y%m%d},,74AE"


def code_picture(invoice: Invoice) -> Image.Image:
    """The code printed on the invoice."""
    out = io.BytesIO()
    segno.make(code_text(invoice), error="m").save(out, kind="png", scale=4, border=4)
    return Image.open(io.BytesIO(out.getvalue())).convert("RGB")


def pdf_invoice(invoice: Invoice = INVOICE, *, code: bool = True, printed: Invoice | None = None) -> bytes:
    """The invoice as a PDF with its code; `printed` gives a text that differs from the code."""
    out, said = io.BytesIO(), printed or invoice
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    page = Canvas(out, pagesize=(595, 397))
    page.setFont("STSong-Light", 10)
    if code:
        page.drawImage(ImageReader(code_picture(invoice)), 20, 310, 70, 70)
    page.drawString(220, 370, "电子发票（普通发票）" if not said.code else "深圳增值税电子普通发票")
    page.drawString(420, 370, f"发票号码：{said.number}")
    page.drawString(420, 350, f"开票日期：{said.issued_on:%Y年%m月%d日}")
    if said.code:
        page.drawString(420, 385, f"发票代码：{said.code}")
    for (x, y), name, number in (
        ((60, 290), said.buyer, said.buyer_id),
        ((60, 60) if said.code else (330, 290), said.seller, said.seller_id),
    ):
        page.drawString(x, y, f"名称：{name}")
        page.drawString(x, y - 20, f"统一社会信用代码/纳税人识别号：{number}")
    page.drawString(60, 200, f"合 计  ¥{said.net}  ¥{said.tax}")
    page.drawString(60, 170, f"价税合计（大写） 壹仟贰佰柒拾贰圆整 （小写）¥{said.total}")
    page.save()
    return out.getvalue()


def pdf(*lines: str) -> bytes:
    """A PDF of one page."""
    out = io.BytesIO()
    page = Canvas(out, invariant=True)
    for number, line in enumerate(lines or ("A paper",)):
        page.drawString(60, 780 - 20 * number, line)
    page.save()
    return out.getvalue()


def motif(seed: int = 1, size: tuple[int, int] = (320, 240)) -> Image.Image:
    """A picture unlike that of any other seed, as photographs are."""
    import random

    dice = random.Random(seed)
    picture = Image.new("RGB", size, tuple(dice.randrange(256) for _ in range(3)))
    pen = ImageDraw.Draw(picture)
    for _ in range(40):
        x, y, wide, high = (dice.randrange(size[0]), dice.randrange(size[1]), dice.randrange(120), dice.randrange(90))
        pen.ellipse((x - wide, y - high, x + wide, y + high), fill=tuple(dice.randrange(256) for _ in range(3)))
    return picture


def with_position() -> Image.Exif:
    """Metadata of a phone: device, orientation and position."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Phone of somebody"
    exif[ExifTags.Base.Orientation] = 6
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (22.0, 30.0, 0.0), 3: "E", 4: (114.0, 3.0, 0.0)})
    return exif


def jpeg(picture: Image.Image | None = None, **options: object) -> bytes:
    """A JPEG; `exif=with_position()` adds what phones add."""
    out = io.BytesIO()
    (picture or motif()).save(out, "JPEG", **options)
    return out.getvalue()


def png(picture: Image.Image | None = None, **options: object) -> bytes:
    """A PNG."""
    out = io.BytesIO()
    (picture or motif()).save(out, "PNG", **options)
    return out.getvalue()
