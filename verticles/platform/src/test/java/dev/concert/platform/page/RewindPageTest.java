package dev.concert.platform.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Going back, forking and sharing on the page, in a real browser. */
@ExtendWith(PageExtension.class)
class RewindPageTest {
  private static final String USER = ".items > .message.user";

  private final Browser browser;

  RewindPageTest(Browser browser) {
    this.browser = browser;
  }

  @Test
  void aMessageIsTakenBackAndStandsInTheComposerAndASessionIsForked() {
    browser.begin("echo", "!write f.txt one");
    browser.see(".end");
    browser.say("!write f.txt two");
    browser.waitUntil("the second turn ends", page -> page.count(".end") == 2);
    browser.click(".tree .row", "f.txt");
    browser.see(".file .source", "two");
    browser.run("window.confirm = () => true");

    browser.click(USER + ":nth-last-child(-n+4) .points button", "Rewind");

    browser.waitUntil("one message is left", page -> page.count(USER) == 1);
    browser.see(".file .source", "one");
    browser.waitUntil(
        "the message can be changed",
        page ->
            "!write f.txt two".equals(page.run("return document.querySelector('#message').value")));
    browser.reload();
    browser.see(USER, "!write f.txt one");
    assertThat(browser.count(USER)).isEqualTo(1);

    String first = browser.address();
    browser.click(".message.assistant .points button", "Fork");
    browser.waitUntil("another session is open", page -> !page.address().equals(first));
    browser.see(USER, "!write f.txt one");
    browser.say("!read f.txt");
    browser.see(".message.assistant", "one");
  }

  @Test
  void aSharedSessionIsReadByALinkUntilThatIsRevoked() {
    browser.begin("echo", "hello **you**");
    browser.see(".end");
    browser.click("#show-shares");
    browser.click("#shares button", "Create a link");
    browser.see("#share-link");
    String link = (String) browser.run("return document.querySelector('#share-link').value");
    String owner = browser.tab();

    browser.openShared(link);
    browser.see(".message.user", "hello **you**");
    browser.see("#status", "Read-only");
    String reader = browser.tab();
    browser.switchTo(owner);
    browser.click("#shares button", "Revoke");
    browser.waitUntil("the link is gone", page -> page.count("#shares li") == 0);
    browser.switchTo(reader);
    browser.see("#status", "does not work");
    assertThat(browser.count(".message")).isZero();
    browser.closeTab();
    browser.switchTo(owner);
  }
}
