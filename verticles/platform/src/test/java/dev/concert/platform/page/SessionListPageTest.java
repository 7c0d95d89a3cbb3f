package dev.concert.platform.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** The list of sessions, and what was written in each of them and not sent. */
@ExtendWith(PageExtension.class)
class SessionListPageTest {
  private static final String OPEN = "#session-list li:has([aria-current=page]) ";

  private final Browser browser;
  private final PageServer server;

  SessionListPageTest(Browser browser, PageServer server) {
    this.browser = browser;
    this.server = server;
  }

  @Test
  void a_session_is_renamed_searched_archived_and_deleted() {
    browser.begin("echo", "first name");
    browser.see(".end");
    browser.run("window.prompt = () => 'Violin concerto'; window.confirm = () => true");
    browser.run("document.querySelector(arguments[0]).focus()", OPEN + "[data-act=Rename]");
    browser.press(Keys.ENTER);
    browser.see("#title", "Violin concerto");
    browser.see(OPEN, "Violin concerto");
    assertThat(browser.isFocused("[data-act=Rename]")).isTrue();

    browser.write("#search-sessions", "CONCERTO echo");
    browser.waitUntil("only this one is found", page -> page.count("#session-list li:has(a)") == 1);
    browser.write("#search-sessions", " oboe");
    browser.see("#session-list .empty", "No session has these words");
    browser.run(
        "const s = document.querySelector('#search-sessions'); s.value = '';"
            + " s.dispatchEvent(new Event('input'))");

    browser.see(OPEN + "a");
    browser.run("document.querySelector(arguments[0]).click()", OPEN + "[data-act=Archive]");
    browser.waitUntil("it is not listed", page -> page.count(OPEN + "a") == 0);
    browser.click("#show-archived");
    browser.see(OPEN, "archived");
    browser.run("document.querySelector(arguments[0]).click()", OPEN + "[data-act=Unarchive]");
    browser.see(OPEN, "Echo");
    browser.click("#show-archived");

    browser.run("document.querySelector(arguments[0]).focus()", OPEN + "[data-act=Delete]");
    browser.press(Keys.ENTER);
    browser.see("#welcome h2");
    assertThat(browser.text("#session-list")).doesNotContain("Violin concerto");
  }

  @Test
  void commands_are_found_by_a_slash_and_run_by_the_keyboard() {
    browser.write("#message", "/");
    browser.see("#commands [aria-selected=true]", "/new");
    assertThat(browser.text("#commands")).doesNotContain("/rename");
    browser.write("#message", "s");
    browser.see("#commands [aria-selected=true]", "/search");
    browser.write("#message", Keys.ENTER);
    browser.waitUntil("the search has the focus", page -> page.isFocused("#search-sessions"));
    assertThat(written()).isEmpty();

    browser.begin("echo", "/no command at all");
    browser.see(".message.user", "/no command at all");
    browser.see(".end");
    browser.run("window.prompt = () => 'by a command'");
    browser.press(Keys.chord(Keys.CONTROL, "k"));
    browser.see("#commands li", "/rename");
    browser.write("#message", "re", Keys.ENTER);
    browser.see("#title", "by a command");
    browser.write("#message", "/", Keys.ARROW_UP);
    browser.see("#commands [aria-selected=true]", "/keys");
    browser.write("#message", Keys.ESCAPE);
    browser.waitUntil("the menu is closed", page -> page.count("#commands:not([hidden])") == 0);
  }

  @Test
  void what_was_written_is_kept_for_each_session_and_over_a_reload() {
    browser.begin("echo", "session A");
    browser.see(".end");
    browser.write("#message", "draft in A");
    browser.click("#new-session");
    browser.see("#welcome h2");
    assertThat(written()).isEmpty();
    browser.write("#message", "draft of a new one");

    browser.reload();
    assertThat(written()).isEqualTo("draft of a new one");
    browser.click("#session-list a", "session A");
    browser.see(".end");
    assertThat(written()).isEqualTo("draft in A");
    browser.write("#message", Keys.ENTER);
    browser.waitUntil("it is sent", page -> page.count(".end") == 2);

    browser.reload();
    browser.waitUntil("it is sent", page -> page.count(".end") == 2);
    assertThat(written()).isEmpty();
    browser.open(server.url());
    assertThat(written()).isEqualTo("draft of a new one");
  }

  @Test
  void a_new_session_uses_the_model_that_is_chosen_and_shows_it() {
    browser.see("#model option", "Default (demo)");
    browser.see("#model").findElement(By.cssSelector("[value=demo]")).click();
    browser.begin("echo", "which model");
    browser.see(".end");
    browser.see("#subtitle", "Echo · demo · ready");
    assertThat(
            browser.run(
                "return fetch('/api/sessions/' + location.hash.slice(9))"
                    + ".then((answer) => answer.json()).then(({ session }) => session.model)"))
        .isEqualTo("demo");
  }

  private String written() {
    return (String) browser.run("return document.querySelector('#message').value");
  }
}
