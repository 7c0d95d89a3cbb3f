package dev.concert.platform.page;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.Keys;

/** axe finds nothing on the page, in light and dark colours. */
@ExtendWith(PageExtension.class)
class AccessiblePageTest {
  private final Browser browser;
  private final PageServer server;

  AccessiblePageTest(Browser browser, PageServer server) {
    this.browser = browser;
    this.server = server;
  }

  @Test
  void the_start_page_and_the_dialogs() {
    browser.see("#welcome h2");
    Axe.verifyBothSchemes(browser, "the start page");
    browser.click("#show-keys");
    browser.see("#key-list .empty");
    Axe.verifyBothSchemes(browser, "the dialog of keys");
    browser.click("#close-keys");
    browser.screen(390, 844);
    Axe.verifyBothSchemes(browser, "the start page on a phone");
  }

  @Test
  void a_conversation_with_files() {
    browser.begin("coding-agent", "create hello.py that prints the first ten primes and run it");
    browser.see(".permission[data-outcome=open] button");
    Axe.verifyBothSchemes(browser, "an open permission");
    browser.click(".permission[data-outcome=open] button", "Allow");
    browser.see(".end");
    browser.say("change 10 to 12 in hello.py");
    browser.waitUntil("the second turn ends", page -> page.count(".end") == 2);
    browser.say("ask me which colour I like: red, green or blue");
    browser.see(".question .choices");
    browser.click(".tree .row", "hello.py");
    browser.see(".versions button", "v2");
    browser.see(".file .hljs-keyword");
    browser.run("document.querySelectorAll('details').forEach((one) => (one.open = true))");
    Axe.verifyBothSchemes(browser, "a question, open tool calls, and the content of a file");
    browser.click("#tab-changes");
    browser.see(".file .diff .added");
    browser.click("#show-snapshots");
    browser.write("#snapshot-name", "good", Keys.ENTER);
    browser.see("#snapshots .name", "good");
    Axe.verifyBothSchemes(browser, "changes and snapshots");
  }

  @Test
  void markdown_errors_and_shares() {
    String text =
        "# Title\n\n"
            + "- [x] done\n"
            + "- [ ] open\n\n"
            + "| a | b |\n"
            + "|--|--:|\n"
            + "| 1 | 2 |\n\n"
            + "> quoted [link](https://example.com) `code`\n\n"
            + "```python\n"
            + "# why\n"
            + "def f(x): return 'x' + 1\n"
            + "```\n";
    browser.see("#agent-type").sendKeys("Echo");
    browser.run("document.querySelector('#message').value = arguments[0]", text);
    browser.click("#send");
    browser.see(".prose .hljs-keyword");
    browser.say("!crash");
    browser.see(".turn-error .advice");
    Axe.verifyBothSchemes(browser, "Markdown and an error");
    browser.click("#show-shares");
    browser.see("#shares h2");
    Axe.verifyBothSchemes(browser, "the dialog of links");
    browser.run("document.querySelector('#shares').close()");
    browser.open(server.url());
  }
}
