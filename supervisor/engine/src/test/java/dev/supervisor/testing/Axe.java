package dev.supervisor.testing;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Looks for what keeps people from using a page. The module that uses it needs axe-core on its class path. */
public final class Axe {

    private static final String LIBRARY = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";

    private Axe() {}

    /** Returns what it finds on the page as it is: nothing, mostly. */
    public static String violations(Tab tab) throws IOException, InterruptedException {
        if (tab.evaluate("typeof axe").equals("undefined")) {
            tab.evaluate("(() => {" + library() + "\n})()");
        }
        return tab.evaluate("axe.run().then(found => found.violations.map(violation => violation.id + ': '"
                + " + violation.nodes.map(node => node.html + ' ' + node.failureSummary).join('; ')).join('\\n'))");
    }

    private static String library() throws IOException {
        try (InputStream library = Axe.class.getResourceAsStream(LIBRARY)) {
            if (library == null) {
                throw new FileNotFoundException("axe-core is not on the class path: " + LIBRARY);
            }
            return new String(library.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
