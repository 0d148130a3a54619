import java.io.FileInputStream;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.RuleId;

/** Checks PDF files against profiles: `Check 3a,ua1 FILE...` prints "PASS 3a FILE" or "FAIL 3a FILE clause clause". */
public class Check {
    public static void main(String[] arguments) throws Exception {
        Logger.getLogger("").setLevel(Level.OFF);
        VeraGreenfieldFoundryProvider.initialise();
        String[] flavours = arguments[0].split(",");
        for (int place = 1; place < arguments.length; place++) {
            for (String flavour : flavours) {
                System.out.println(verdict(arguments[place], PDFAFlavour.byFlavourId(flavour)));
            }
        }
    }

    private static String verdict(String file, PDFAFlavour flavour) {
        try (FileInputStream stream = new FileInputStream(file);
                PDFAParser parser = Foundries.defaultInstance().createParser(stream, flavour)) {
            PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false);
            ValidationResult result = validator.validate(parser);
            Set<String> clauses = new LinkedHashSet<>();
            for (RuleId rule : result.getFailedChecks().keySet()) {
                clauses.add(rule.getClause() + "-" + rule.getTestNumber());
            }
            String answer = result.isCompliant() ? "PASS" : "FAIL";
            return answer + " " + flavour.getId() + " " + file + " " + String.join(" ", clauses);
        } catch (Exception failure) {
            return "FAIL " + flavour.getId() + " " + file + " " + failure.getClass().getSimpleName();
        }
    }
}
