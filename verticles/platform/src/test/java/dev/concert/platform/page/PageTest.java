package dev.concert.platform.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** The page in a real browser against a real platform. */
@ExtendWith(PageExtension.class)
class PageTest {
  private static final String PRIMES =
      "create hello.py that prints the first ten primes and run it";
  private static final String OPEN_PERMISSION = ".permission[data-outcome=open] button";

  @TempDir static Path folder;
  private final Browser browser;
  private final PageServer server;

  PageTest(Browser browser, PageServer server) {
    this.browser = browser;
    this.server = server;
  }

  @Test
  void a_turn_is_run_approved_and_its_file_has_two_versions_with_a_diff() {
    browser.begin("coding-agent", PRIMES);
    browser.click(OPEN_PERMISSION, "Allow");
    browser.see(".tool[data-tool=bash] .terminal .output", "2\n3\n5\n7\n11\n13\n17\n19\n23\n29");
    browser.see(".tool[data-tool=bash] .exit", "exit 0");
    browser.see(".end", "tokens in");

    browser.click(".tree .row", "hello.py");
    browser.see(".file .source", "for prime in primes(10):");
    assertThat(browser.count(".versions button")).isEqualTo(1);
    browser.see(".file .hljs-keyword");

    browser.say("change 10 to 12 in hello.py");
    browser.see(".versions button", "v2");
    browser.waitUntil("the second turn ends", page -> page.count(".end") == 2);
    browser.click("#tab-changes");
    browser.see(".file .diff .removed", "for prime in primes(10):");
    browser.see(".file .diff .added", "for prime in primes(12):");
    assertThat(browser.count(".file .diff .added, .file .diff .removed")).isEqualTo(2);
    browser.see(".tree .row .version", "v2");
    browser.see("#usage", "tokens");
    browser.picture("desktop-light");
    browser.scheme("dark");
    browser.picture("desktop-dark");
  }

  @Test
  void files_are_brought_in_and_versions_and_snapshots_come_back() throws IOException {
    browser.begin("echo", "!write f.txt one");
    browser.see(".end");
    browser.click("#show-snapshots");
    browser.write("#snapshot-name", "good", Keys.ENTER);
    browser.see("#snapshots .name", "good");
    browser.say("!write f.txt two");
    browser.waitUntil("the second turn ends", page -> page.count(".end") == 2);
    browser.click(".tree .row", "f.txt");
    browser.see(".file .source", "two");

    browser.click("#restore-good");
    browser.see("#snapshots .restored", "1 written");
    browser.see(".file .source", "one");
    browser.click("#undo-restore");
    browser.see(".versions button", "v4");
    browser.see(".file .source", "two");

    browser.click("#version-1");
    browser.click("#restore-version", "Restore v1");
    browser.see(".versions button", "v5");
    browser.see(".file .source", "one");

    browser.choose(
        "#upload-files", Files.writeString(folder.resolve("upload.txt"), "from my disk"));
    browser.click(".tree .row", "upload.txt");
    browser.see(".file .source", "from my disk");
    assertThat(
            browser.run(
                "return fetch(document.querySelector('#download-archive').href)"
                    + ".then((answer) => answer.headers.get('Content-Type'))"))
        .isEqualTo("application/zip");
    browser.picture("snapshots");
  }

  @Test
  void the_http_api_can_be_read() {
    browser.run("location.href = '/api/docs'");

    browser.see(".opblock-summary-path", "/api/sessions");
    browser.picture("api");
  }

  @Test
  void a_reload_restores_the_conversation() {
    browser.begin("coding-agent", PRIMES);
    browser.click(OPEN_PERMISSION, "Allow for session");
    browser.see(".end");
    String before = browser.text("#items");

    browser.reload();

    browser.see(".end");
    assertThat(browser.text("#items"))
        .isEqualTo(before)
        .contains("You allowed this for the session");
    browser.see(".tree .row", "hello.py");
    browser.see("#session-list [aria-current=page]", "create hello.py");
  }

  @Test
  void a_denied_permission_is_shown_as_a_refusal() {
    browser.begin("coding-agent", PRIMES);
    browser.click(OPEN_PERMISSION, "Deny");
    browser.see(".permission", "You denied this");
    browser.see(".tool[data-tool=bash] .status", "denied");
    browser.see(".end");
    assertThat(browser.count(".terminal")).isZero();
  }

  @Test
  void a_question_is_answered_by_its_form() {
    browser.begin("echo", "!ask Which colour?");
    browser.see(".question label", "Which colour?");
    browser.see(".question input").sendKeys("blue", Keys.ENTER);
    browser.see(".question .answers", "blue");
    browser.see(".message.assistant", "answer: blue");
  }

  @Test
  void a_question_is_dismissed() {
    browser.begin("echo", "!ask Which colour?");
    browser.click(".question button", "Dismiss");
    browser.see(".question .answers", "You dismissed this");
    browser.see(".message.assistant", "dismissed");
  }

  @Test
  void stop_stops_a_turn() {
    browser.begin("echo", "!sleep 60");
    browser.see(".message.assistant");
    browser.click("#stop");
    browser.see(".end[data-stop=stopped]", "You stopped this turn");
    browser.waitUntil(
        "no more Stop button", page -> !page.see("#composer").getText().contains("Stop"));
    browser.say("and now");
    browser.see(".message.assistant", "and now");
  }

  @Test
  void a_running_turn_is_steered() {
    browser.begin("echo", "!steer");
    browser.see(".message.assistant");
    browser.say("a little faster");
    browser.see(".message.steered", "a little faster");
    browser.see(".end");
    browser.see(".message.assistant", "a little faster");
  }

  @Test
  void guidance_that_comes_when_the_turn_is_over_is_the_next_message() {
    browser.begin("echo", "!permit paint");
    browser.see(OPEN_PERMISSION);
    browser.run(
        """
        const send = WebSocket.prototype.send;
        window.release = () => {};
        WebSocket.prototype.send = function (text) {
          if (text.includes('"steer"')) {
            window.release = () => send.call(this, text);
          } else {
            send.call(this, text);
          }
        };
        """);
    browser.say("and then this");
    browser.click(OPEN_PERMISSION, "Allow");
    browser.see(".end");

    browser.run("window.release()");

    browser.see(".message.assistant", "and then this");
    browser.waitUntil("two turns ended", page -> page.count(".end") == 2);
  }

  @Test
  void a_failed_turn_says_what_to_do_and_can_be_sent_again() {
    browser.begin("echo", "!crash");
    browser.see(".turn-error .advice", "Your files are safe");
    browser.click(".turn-error button", "Send the message again");
    browser.waitUntil("it failed again", page -> page.count(".turn-error") == 2);
    browser.say("well again");
    browser.see(".message.assistant", "well again");
  }

  @Test
  void a_turn_of_another_tab_is_seen_and_answered_in_this_one() {
    browser.begin("echo", "!permit paint the wall");
    browser.see(OPEN_PERMISSION);
    String first = browser.tab();

    browser.openInAnotherTab(browser.address());
    browser.click(OPEN_PERMISSION, "Allow");
    browser.see(".message.assistant", "approved once");
    browser.closeTab();

    browser.switchTo(first);
    browser.see(".permission", "You allowed this once");
    browser.see(".message.assistant", "approved once");
  }

  @Test
  void hostile_text_does_nothing() {
    String hostile =
        "<img src=x onerror=\"window.hostile=1\"><script>window.hostile=1</script>"
            + "<a href=\"javascript:window.hostile=1\">a</a> [b](javascript:window.hostile=1)"
            + " <button class=\"primary\">Allow</button> <form id=composer></form>";
    browser.begin("echo", hostile);
    browser.see(".end");
    browser.say("!permit " + hostile);
    browser.click(OPEN_PERMISSION, "Deny");
    browser.waitUntil("the second turn ends", page -> page.count(".end") == 2);

    assertThat(browser.run("return window.hostile")).isNull();
    assertThat(
            browser.count(
                "#items img, #items script, #items #composer, #items .prose button:not(.copy)"))
        .isZero();
    assertThat(browser.count("[href^=javascript]")).isZero();
    assertThat(browser.text(".message.user")).contains("<script>");
  }

  @Test
  void markdown_is_shown_as_such() {
    browser.begin("echo", "**bold** and `code` and [a link](https://example.com)");
    browser.see(".prose strong", "bold");
    browser.see(".prose code", "code");
    assertThat(browser.see(".prose a").getDomAttribute("rel")).contains("noopener");
  }

  @Test
  void code_messages_and_output_are_copied() {
    browser.see("#agent-type").findElement(By.cssSelector("[value=echo]")).click();
    browser.run(
        "document.querySelector('#message').value = arguments[0]",
        "before\n\n```js\nlet x = 1;\n```");
    browser.click("#send");
    browser.see(".end");
    browser.run(
        "window.copied = []; navigator.clipboard.writeText = async (text) => copied.push(text)");
    browser.click(".prose .copy");
    browser.see(".prose .copy", "Copied");
    browser.click(".message.user .points .copy");
    browser.see(".message.user .copy", "Copied");
    assertThat(browser.run("return copied"))
        .isEqualTo(List.of("let x = 1;\n", "before\n\n```js\nlet x = 1;\n```"));
  }

  @Test
  void each_suggestion_of_the_welcome_works_in_a_new_session() {
    int suggestions = browser.count("#welcome li button");
    for (int i = 1; i <= suggestions; i++) {
      browser.open(server.url());
      browser.click("#welcome li:nth-child(%d) button".formatted(i));
      browser.click("#send");
      browser.waitUntil(
          "the turn ends or needs somebody",
          page -> page.count(".end, .permission[data-outcome=open], .question form") > 0);
      assertThat(browser.count(".tool[data-status=failed], .turn-error")).isZero();
      assertThat(browser.text(".message.assistant")).doesNotContain("empty");
    }
  }

  @Test
  void the_first_version_is_compared_with_nothing() {
    browser.begin("echo", "!write f.txt one");
    browser.see(".end");
    browser.say("!write f.txt two");
    browser.waitUntil("the second turn ends", page -> page.count(".end") == 2);
    browser.click(".tree .row", "f.txt");
    browser.see(".versions button", "v2");
    browser.click("#version-1");
    browser.click("#tab-changes");
    browser.waitUntil("the lines are counted", page -> page.text(".file .counts").equals("+1 −0"));
    assertThat(browser.run("return document.querySelector('#compare-with').value")).isEqualTo("0");
    browser.run(
        "const s = document.querySelector('#compare-with'); s.value = '2';"
            + " s.dispatchEvent(new Event('change'))");
    browser.waitUntil("the lines are counted", page -> page.text(".file .counts").equals("+1 −1"));
  }

  @Test
  void arabic_and_hebrew_are_set_from_right_to_left() {
    browser.begin("echo", "مرحبا بالعالم.");
    browser.see(".end");
    assertThat(
            browser.run(
                "return ['.message.user .plain', '.prose p', '#title', '#message'].map((css) =>"
                    + " getComputedStyle(document.querySelector(css)).direction).join(' ')"))
        .isEqualTo("rtl rtl rtl ltr");
  }

  @Test
  void many_fast_deltas_do_not_freeze_the_page() {
    browser.begin("echo", "!stream 20000");
    browser.see(".end");
    assertThat(browser.text(".message.assistant")).contains("19999");
    browser.say("still here");
    browser.see(".message.assistant", "still here");
  }

  @Test
  void a_huge_terminal_output_shows_its_end_until_all_of_it_is_wanted() {
    browser.begin("coding-agent", "run seq 1 20000");
    browser.click(OPEN_PERMISSION, "Allow");
    browser.see(".terminal .exit", "exit 0");
    browser.click("#stop");
    browser.see(".end[data-stop=stopped]");
    assertThat(browser.text(".terminal .output")).hasSizeLessThan(50_000).endsWith("20000\n");

    browser.click(".terminal summary");
    browser.click(".terminal button", "Show all");
    assertThat(browser.text(".terminal .output")).startsWith("1\n2\n3\n").endsWith("20000\n");
    browser.run("navigator.clipboard.writeText = async (text) => (window.copied = text)");
    browser.click(".terminal .copy");
    browser.see(".terminal .copy", "Copied");
    assertThat(browser.run("return copied")).asString().startsWith("1\n2\n").endsWith("20000\n");
  }

  @Test
  void everything_can_be_reached_on_a_phone() {
    browser.screen(390, 844);
    browser.open(server.url());
    browser.begin("coding-agent", PRIMES);
    browser.click(OPEN_PERMISSION, "Allow");
    browser.see(".end");
    assertThat(browser.run("return document.documentElement.scrollWidth")).isEqualTo(390L);
    browser.picture("phone");

    browser.click("#show-files");
    browser.click(".tree .row", "hello.py");
    browser.see(".file .source", "def primes");
    browser.press(Keys.ESCAPE);
    browser.waitUntil("the drawer closes", page -> page.count("[data-panel]") == 0);

    browser.click("#show-sessions");
    browser.click("#new-session");
    browser.see("#welcome h2");
  }

  @Test
  void a_session_is_led_by_the_keyboard_alone() {
    browser.see("#message").sendKeys("one", Keys.chord(Keys.SHIFT, Keys.ENTER), "two");
    assertThat(browser.run("return document.getElementById('message').value"))
        .isEqualTo("one\ntwo");
    browser.see("#message").clear();
    browser.begin("echo", "!permit paint the wall");
    browser.see(OPEN_PERMISSION);
    browser.run("document.querySelector('.call summary').focus()");
    browser.press(Keys.TAB);
    for (int steps = 0; steps < 5 && !browser.isFocused(OPEN_PERMISSION); steps++) {
      browser.press(Keys.TAB);
    }
    browser.press(Keys.ENTER);
    browser.see(".permission", "You allowed this once");
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void text_stands_out_in_both_schemes(String scheme) {
    browser.scheme(scheme);
    browser.see("#welcome h2");
    assertThat(browser.contrast("#welcome h2", "body")).isGreaterThan(7);
    assertThat(browser.contrast("#composer-hint", "#composer")).isGreaterThan(4.5);
    assertThat(browser.contrast("#session-list, #connection", "#sessions")).isGreaterThan(4.5);
  }
}
