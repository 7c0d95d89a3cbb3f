package dev.concert.platform.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an agent made is looked at in the page, and reaches nothing of it. */
@ExtendWith(PageExtension.class)
class PreviewPageTest {
  private static final String PAGE =
      "!write page.html <style>b { color: red }</style><b>Shown</b><script>"
          + "const tries = { parent: () => parent.document.title, store: () => localStorage.length,"
          + " cookie: () => document.cookie };"
          + "for (const [name, what] of Object.entries(tries)) {"
          + " try { what(); document.body.append(name + ' reached'); }"
          + " catch (e) { document.body.append(' ' + name + ' refused'); } }</script>";

  private final Browser browser;
  private final PageServer server;

  PreviewPageTest(Browser browser, PageServer server) {
    this.browser = browser;
    this.server = server;
  }

  @Test
  void aPageRunsInAnOriginOfItsOwn() {
    browser.begin("echo", PAGE);
    browser.see(".end");
    browser.click(".tree .row", "page.html");
    browser.click("#tab-preview");
    browser.waitUntil(
        "the page has run", page -> page.textInFrame("iframe.preview").contains(" cookie re"));
    assertThat(browser.textInFrame("iframe.preview"))
        .contains(" parent refused store refused cookie refused");
  }

  @Test
  void aDrawingAndATextAreShownAndOtherFilesHaveNoPreview() {
    browser.begin(
        "echo",
        "!write a.svg <svg xmlns='http://www.w3.org/2000/svg' width='40' height='30'></svg>");
    browser.see(".end");
    browser.click(".tree .row", "a.svg");
    browser.click("#tab-preview");
    browser.waitUntil(
        "the drawing is shown",
        page ->
            List.of(40L, 30L)
                .equals(
                    page.run(
                        "const one = document.querySelector('img.picture');"
                            + " return one && [one.naturalWidth, one.naturalHeight]")));

    browser.say("!write b.md # A *title*");
    browser.click(".tree .row", "b.md");
    browser.see(".preview-text h1 em", "title");

    browser.say("!write c.txt plain");
    browser.click(".tree .row", "c.txt");
    browser.see(".file .source", "plain");
    assertThat(browser.count("#tab-preview")).isZero();
  }

  @Test
  void longLinesOfCodeWrapWhereThatIsWanted() {
    String wide =
        "return (() => { const body = document.querySelector('.file-body');"
            + " return body.scrollWidth > body.clientWidth; })()";
    browser.begin("echo", "!write long.txt " + "word ".repeat(200));
    browser.see(".end");
    browser.click(".tree .row", "long.txt");
    browser.see(".file .source", "word");
    assertThat(browser.run(wide)).isEqualTo(true);
    browser.click(".wrap-lines");
    browser.waitUntil("the line is folded", page -> page.run(wide).equals(false));
  }

  @Test
  void whatIsShownReachesNoNetworkEvenByItself() throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> page =
          http.send(
              HttpRequest.newBuilder(URI.create(server.url()).resolve("/preview")).build(),
              BodyHandlers.ofString());
      assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
          .startsWith("sandbox allow-scripts; default-src 'none';")
          .doesNotContain("connect-src", "http", "allow-same-origin");
      assertThat(page.headers().firstValue("X-Frame-Options")).contains("SAMEORIGIN");
    }
  }

  @Test
  void speechIsWrittenWhereTheBrowserRecognisesIt() {
    Object seen =
        browser.run(
            """
            return import("/js/view/voice-button.js").then(({ voiceButton }) => {
              const [none, some] = [document.createElement("button"), document.createElement("button")];
              const before = [globalThis.SpeechRecognition, globalThis.webkitSpeechRecognition];
              const heard = [];
              globalThis.SpeechRecognition = undefined;
              globalThis.webkitSpeechRecognition = undefined;
              voiceButton(none, () => {});
              globalThis.SpeechRecognition = class {
                start() {
                  this.onresult({ results: [[{ transcript: "list the files" }]] });
                  heard.push(some.getAttribute("aria-pressed"));
                  this.onend();
                }
              };
              voiceButton(some, (text) => heard.push(text));
              some.click();
              [globalThis.SpeechRecognition, globalThis.webkitSpeechRecognition] = before;
              return [none.hidden, some.hidden, ...heard, some.getAttribute("aria-pressed")];
            });
            """);
    assertThat(seen).isEqualTo(List.of(true, false, "list the files", "true", "false"));
  }
}
