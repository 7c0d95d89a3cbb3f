package dev.concert.platform.page;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.Keys;

/** The page of automations, open in a browser, and what its tests do again and again. */
@ExtendWith(PageExtension.class)
abstract class AutomationsPage {
  final Browser browser;
  private final PageServer server;

  AutomationsPage(Browser browser, PageServer server) {
    this.browser = browser;
    this.server = server;
  }

  /** Goes there as a person does. */
  @BeforeEach
  void open() {
    browser.click(".sessions a[href='/automations.html']");
    browser.see("#automation-list .empty");
  }

  /** Opens the form by the keyboard; a choice is made by its first letters. */
  void begin(String name, String kind) {
    begin(name, kind, "say " + name);
  }

  /** The same with another prompt for the echo agent. */
  void begin(String name, String kind, String prompt) {
    browser.write("#new-automation", Keys.ENTER);
    browser.write("#edit-name", name);
    browser.write("#edit-prompt", prompt);
    browser.write("#edit-kind", kind);
    browser.write("#more summary", Keys.ENTER);
    browser.write("#edit-agent", "echo");
  }

  /** Saves what the form has, after it was shown what it waits for. */
  void save(String name) {
    browser.click("#save", "Show");
    browser.see("#edit-times li", "Due");
    browser.click("#save", "Save");
    browser.see("#automation-list .name", name);
  }

  /** Puts a value into a field of the form. */
  void put(String css, String value) {
    browser.run(
        """
        const field = document.querySelector(arguments[0]);
        field.value = arguments[1];
        field.dispatchEvent(new Event("input", { bubbles: true }));
        """,
        css,
        value);
  }

  /** Deletes all automations that there are, and leaves the inbox empty for the next test. */
  void delete(String... names) {
    browser.run("window.confirm = () => true");
    for (String name : names) {
      browser.click("[aria-label='Delete: " + name + "']");
    }
    browser.see("#automation-list .empty");
    // What runs left stays in the inbox.
    browser.run(
        """
        return fetch("/api/inbox").then((reply) => reply.json()).then(({ items }) => Promise.all(items.map(({ itemId }) =>
          fetch(`/api/inbox/${itemId}`, { method: "PUT", body: JSON.stringify({ state: "done" }) }))).then(() => true));
        """);
    browser.open(server.url());
  }
}
