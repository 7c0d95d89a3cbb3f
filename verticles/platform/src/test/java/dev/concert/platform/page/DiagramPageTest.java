package dev.concert.platform.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An agent's diagram is drawn where somebody asks for it, apart from the page. */
@ExtendWith(PageExtension.class)
class DiagramPageTest {
  private final Browser browser;

  DiagramPageTest(Browser browser) {
    this.browser = browser;
  }

  @Test
  void aDiagramIsDrawnBelowItsSourceAndTakenAway() {
    say("graph LR; Violin --> Orchestra");
    assertThat(browser.count("iframe")).isZero();

    browser.click(".draw");
    browser.waitUntil(
        "the diagram is drawn",
        page -> page.textInFrame("iframe.diagram").matches("(?s).*Violin.*Orchestra.*"));
    browser.waitUntil(
        "the frame has the height of the diagram",
        page -> !"".equals(page.run("return document.querySelector('.diagram').style.height")));
    browser.see(".copyable pre", "Violin --> Orchestra");

    browser.click(".draw");
    assertThat(browser.count("iframe")).isZero();
  }

  @Test
  void whatIsNoDiagramSaysWhatIsWrongInItsPlace() {
    say("graph LR; Violin -->");
    browser.click(".draw");
    browser.see(".diagram-fault", "This diagram cannot be drawn. Parse error on line");
    assertThat(browser.count("iframe")).isZero();
  }

  @Test
  void aDiagramRunsNothingThatItsAuthorWrote() {
    say("graph LR; A[\"<img src=x onerror='document.body.append('vio'+'la')'>Violin\"] --> B");
    browser.click(".draw");
    browser.waitUntil(
        "the diagram is drawn", page -> page.textInFrame("iframe.diagram").contains("Violin"));
    assertThat(browser.textInFrame("iframe.diagram")).doesNotContain("viola");
  }

  private void say(String diagram) {
    browser.run(
        "return import('/js/lib/markdown.js').then(({ markdown }) => document.querySelector('main').prepend("
            + "markdown(\"```mermaid\\n\" + "
            + "decodeURIComponent('"
            + URLEncoder.encode(diagram, StandardCharsets.UTF_8).replace("+", "%20")
            + "') + \"\\n```\")))");
  }
}
