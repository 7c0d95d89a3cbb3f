package dev.concert.platform.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.Keys;

/** The page calls somebody who does not look, and keeps the place of somebody who does. */
@ExtendWith(PageExtension.class)
class AttentionPageTest {
  private static final String ALLOW = ".permission[data-outcome=open] button";

  private final Browser browser;

  AttentionPageTest(Browser browser) {
    this.browser = browser;
  }

  @Test
  void an_agent_that_waits_is_in_the_title_and_a_hidden_page_notifies() {
    browser.run(
        """
        window.notes = [];
        window.Notification = class extends EventTarget {
          static permission = "default";
          static requestPermission = async () => (Notification.permission = "granted");
          constructor(title, { body }) { super(); notes.push(title + ": " + body); }
        };
        Object.defineProperty(document, "hidden", { get: () => true });
        """);
    browser.click("#notify");
    browser.begin("echo", "!permit paint");
    browser.see(ALLOW);
    browser.waitUntil(
        "the title says it",
        page -> "Needs you: !permit paint – Concert".equals(page.run("return document.title")));
    browser.waitUntil("it is notified", page -> notes(page).contains("The agent needs you."));
    browser.click("#new-session");
    // Other tests may have left sessions that wait, too.
    browser.waitUntil(
        "the title counts it",
        page -> page.run("return document.title").toString().matches("\\([1-9]\\d*\\) Concert"));

    browser.click("#session-list a", "!permit paint");
    browser.click(ALLOW, "Allow");
    browser.see(".end");
    browser.waitUntil("it is notified", page -> notes(page).contains("The agent has finished."));
    browser.waitUntil(
        "the title says no more that it waits",
        page ->
            page.run("return document.title")
                .toString()
                .matches("(\\(\\d+\\) )?!permit paint – Concert"));
    assertThat(browser.run("return notes.length")).isEqualTo(2L);
  }

  @Test
  void the_keyboard_stays_where_a_permission_or_a_question_was_answered() {
    browser.begin("echo", "!permit paint");
    browser.see(ALLOW);
    browser.run("document.querySelector(arguments[0]).focus()", ALLOW);
    browser.press(Keys.ENTER);
    browser.see(".permission", "You allowed this once");
    assertThat(browser.isFocused(".permission")).isTrue();

    browser.say("!ask Which colour?");
    browser.write(".question input", "blue", Keys.ENTER);
    browser.see(".question .answers", "blue");
    assertThat(browser.isFocused(".question")).isTrue();
  }

  @Test
  void a_crash_is_one_sentence_with_the_log_behind_a_fold_and_one_advice() {
    browser.begin("echo", "!crash");
    browser.see(".turn-error .advice", "Your files are safe");
    assertThat(browser.text(".turn-error .what")).matches("The agent ended [^.]*\\.");
    assertThat(browser.count(".turn-error .error-details:not([open]) pre")).isEqualTo(1);
    assertThat(browser.text(".turn-error > p")).doesNotContain("Traceback");
  }

  private static String notes(Browser page) {
    return page.run("return notes").toString();
  }
}
