package dev.supervisor.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class HtmlTest {

    @Test
    void allThatMeansSomethingInHtmlIsEscaped() {
        assertEquals("&lt;a href=&quot;?b&amp;c&quot;&gt;&#39;", Html.escape("<a href=\"?b&c\">'"));
    }

    @Test
    void whatIsEscapedAlreadyIsEscapedOnceMore() {
        assertEquals("&amp;lt;", Html.escape("&lt;"));
    }

    @Test
    void theTitleIsEscaped() {
        assertTrue(Html.page("<b>", "").contains("<title>&lt;b&gt;</title>"));
    }

    @Test
    void whatIsFilledInIsEscaped() {
        assertEquals("<p>&lt;b&gt;</p>", Html.fill("<p>{text}</p>", Map.of("text", "<b>")));
    }
}
