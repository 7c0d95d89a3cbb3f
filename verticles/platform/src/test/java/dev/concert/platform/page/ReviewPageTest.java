package dev.concert.platform.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a turn changed is looked through as a whole, accepted and put back, in a real browser. */
@ExtendWith(PageExtension.class)
class ReviewPageTest {
  private static final String FILE = ".review-file";
  private static final String HUNK = FILE + " .hunk";

  private final Browser browser;

  ReviewPageTest(Browser browser) {
    this.browser = browser;
  }

  @Test
  void a_turn_is_accepted_and_put_back_by_file_and_by_hunk() {
    browser.see("#agent-type").sendKeys("Echo");
    tell("!write f.txt " + lines("line"));
    browser.click(".end .changes-of-turn", "1 file changed");
    browser.see(FILE + " .kind", "new +20 −0");
    assertThat(browser.count(HUNK)).isEqualTo(1);
    browser.click("#accept-all");
    browser.see(FILE + "[data-state=accepted] .accepted");
    browser.click("#close-review");

    tell("!write f.txt " + lines("line").replace("line 1\n", "LINE 1\n").replace("20", "twenty"));
    browser.waitUntil("the second turn ends", page -> page.count(".end") == 2);
    openChangesOfLastTurn();
    browser.see(FILE + " .kind", "changed +2 −2");
    assertThat(browser.count(HUNK)).isEqualTo(2);
    browser.click("#review-0-0-accept");
    browser.see(HUNK + "[data-accepted=true]");
    browser.click("#review-0-1-reject");
    browser.waitUntil("one change is left", page -> page.count(HUNK) == 1);
    assertThat(file("f.txt")).isEqualTo(lines("line").replace("line 1\n", "LINE 1\n"));
    assertThat(browser.count(FILE + "[data-state=accepted]")).isEqualTo(1);

    browser.click("#close-review");
    browser.reload();
    openChangesOfLastTurn();
    browser.see(FILE + "[data-state=accepted] .kind", "changed +1 −1");
    choose("all");
    browser.see(FILE + " .kind", "new +20 −0");
    browser.click("#review-0-all-reject");
    browser.see(FILE, "As it was before.");
    assertThat(file("f.txt")).isEqualTo("404");
    browser.complaints();
    browser.click("#close-review");
  }

  @Test
  void what_was_changed_meanwhile_is_not_overwritten() {
    browser.begin("echo", "!write g.txt one");
    browser.see(".end");
    browser.say("!write g.txt two");
    browser.waitUntil("the second turn ends", page -> page.count(".end") == 2);
    openChangesOfLastTurn();
    browser.see("#review-0-all-reject");
    browser.run(
        "return fetch(arguments[0], { method: 'PUT', body: 'mine' }).then((answer) =>"
            + " answer.status)",
        address("g.txt"));
    browser.click("#review-0-all-reject");
    browser.see("#review .key-problem");
    browser.see(FILE + " .empty", "has changed again since");
    assertThat(browser.count("#review-0-all-reject")).isZero();
    assertThat(file("g.txt")).isEqualTo("mine");

    browser.run("document.querySelector('#review-scope').selectedIndex = 0");
    choose((String) browser.run("return document.querySelector('#review-scope').value"));
    browser.see(FILE + " .kind", "new +1 −0");
    assertThat(browser.count("#review-0-all-reject")).isZero();
    assertThat(browser.complaints())
        .as("only the refused change")
        .allMatch(line -> line.contains("412") || line.contains("503"));
    for (int width : new int[] {1440, 390}) {
      browser.screen(width, 844);
      Axe.verifyBothSchemes(browser, width + " wide");
      assertThat((Long) browser.run("return document.documentElement.scrollWidth"))
          .isLessThanOrEqualTo(width);
    }
    browser.click("#close-review");
  }

  @Test
  void usage_is_shown_by_session_and_model() {
    browser.begin("coding-agent", "list the files");
    browser.see(".end");
    browser.click("#show-usage");
    browser.see(".usage-table td a", "list the files");
    String row = browser.text(".usage-table tbody tr");
    assertThat(row).contains("demo").matches(".*(unknown|\\$[0-9.]+)");
    assertThat(Axe.faults(browser)).isEmpty();
    browser.click("#close-usage");
    assertThat(
            browser.run(
                """
                return import("/js/view/usage-view.js").then(({ sumOf }) => {
                  const model = { calls: 1, inputTokens: 2, cachedTokens: 0, outputTokens: 3 };
                  const costOf = (...costs) => sumOf(costs.map((cost) => ({ ...model, cost }))).cost;
                  return [costOf("0.1", "0.2"), costOf("0.1", null)];
                });
                """))
        .asString()
        .isEqualTo("[0.3, null]");
  }

  @Test
  void colours_are_light_or_dark_as_chosen_also_after_a_reload() {
    String ground = "return getComputedStyle(document.body).backgroundColor";
    Object light = browser.run(ground);
    theme("dark");
    Object dark = browser.run(ground);
    assertThat(dark).isNotEqualTo(light);
    browser.reload();
    assertThat(browser.run(ground)).isEqualTo(dark);
    browser.scheme("dark");
    theme("light");
    assertThat(browser.run(ground)).isEqualTo(light);
    theme("system");
    assertThat(browser.run(ground)).isEqualTo(dark);
  }

  /** A message of several lines. */
  private void tell(String text) {
    browser.see("#send:enabled");
    browser.run("document.querySelector('#message').value = arguments[0]", text);
    browser.click("#send");
    browser.see(".end");
  }

  private void openChangesOfLastTurn() {
    browser.waitUntil("its files are counted", page -> page.count(".changes-of-turn") == 2);
    browser.run("[...document.querySelectorAll('.changes-of-turn')].at(-1).click()");
  }

  private void choose(String scope) {
    change("#review-scope", scope);
  }

  private void theme(String name) {
    change("#theme", name);
  }

  private void change(String css, String value) {
    browser.run(
        "const s = document.querySelector(arguments[0]); s.value = arguments[1];"
            + " s.dispatchEvent(new Event('change'))",
        css,
        value);
  }

  private String address(String path) {
    String session = browser.address().replaceFirst(".*#session=", "");
    return "/api/sessions/%s/file?path=%s".formatted(session, path);
  }

  /** What the workspace has; the status where it has none. */
  private String file(String path) {
    return (String)
        browser.run(
            "return fetch(arguments[0]).then((answer) => answer.ok ? answer.text() :"
                + " String(answer.status))",
            address(path));
  }

  private static String lines(String word) {
    return IntStream.rangeClosed(1, 20)
        .mapToObj(number -> word + " " + number)
        .collect(Collectors.joining("\n"));
  }
}
