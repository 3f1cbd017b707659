package dev.supervisor.cli.control;

import java.util.List;
import java.util.Locale;

/** The {@code Accept} header of a request (RFC 9110, 12.5.1), as far as it chooses between JSON and text. */
final class AcceptedTypes {

    private AcceptedTypes() {}

    /** Returns whether text is accepted more gladly than JSON. */
    static boolean prefersText(List<String> accept) {
        String all = String.join(",", accept);
        return quality(all, "text/plain", "text/*") > quality(all, "application/json", "application/*");
    }

    private static double quality(String accept, String type, String range) {
        double ofType = -1;
        double ofRange = -1;
        double ofAll = 0;
        for (String each : accept.split(",", -1)) {
            String[] parts = each.toLowerCase(Locale.ROOT).split(";", -1);
            String name = parts[0].strip();
            if (name.equals(type)) {
                ofType = quality(parts);
            } else if (name.equals(range)) {
                ofRange = quality(parts);
            } else if (name.equals("*/*")) {
                ofAll = quality(parts);
            }
        }
        return ofType >= 0 ? ofType : ofRange >= 0 ? ofRange : ofAll;
    }

    private static double quality(String[] parts) {
        for (String part : parts) {
            String parameter = part.strip();
            if (parameter.matches("q=[01](\\.[0-9]{0,3})?")) {
                return Double.parseDouble(parameter.substring("q=".length()));
            }
        }
        return 1;
    }
}
