package dev.concert.platform.page;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/** Takes the pictures of the documentation: {@code docs/screenshots/take}. */
@ExtendWith(PageExtension.class)
@EnabledIfSystemProperty(named = "concert.pictures", matches = ".+")
class ScreenshotsTest {
  private final Browser browser;

  ScreenshotsTest(Browser browser) {
    this.browser = browser;
  }

  @Test
  void the_page_on_a_desktop_and_on_a_phone_in_light_and_dark_colours() {
    browser.begin("coding-agent", "create hello.py that prints the first ten primes and run it");
    browser.click(".permission[data-outcome=open] button", "Allow");
    browser.see(".end");
    browser.say("change 10 to 12 in hello.py");
    browser.waitUntil("the second turn ends", page -> page.count(".end") == 2);
    browser.click(".tree .row", "hello.py");
    browser.see(".file .source", "primes(12)");
    browser.click("#tab-changes");
    browser.see(".file .diff .added");
    inBothSchemes("desktop");
    browser.run("[...document.querySelectorAll('.changes-of-turn')].at(-1).click()");
    browser.see(".review-file .diff .added");
    inBothSchemes("changes");
    browser.click("#close-review");

    browser.screen(390, 844);
    browser.open(browser.address());
    browser.see(".end");
    inBothSchemes("phone");
  }

  private void inBothSchemes(String name) {
    for (String scheme : new String[] {"light", "dark"}) {
      browser.scheme(scheme);
      browser.run(
          "return Promise.all(document.getAnimations().map((one) => one.finished.catch(() => 0)))"
              + ".then(() => 0)");
      browser.picture(name + "-" + scheme);
    }
    browser.scheme("light");
  }
}
