package dev.concert.platform.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import java.util.logging.Level;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.ElementNotInteractableException;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A headless Chromium that uses the page as a person does: it sees, clicks and types. */
final class Browser implements AutoCloseable {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  /** Percent. */
  private static final int QUALITY = 70;

  /** In one call: Selenium's own questions are one for each element and look, and slow. */
  private static final String SEEN =
      """
      const [css, text] = arguments;
      const isShown = (one) =>
        (one.closest("select") ?? one).checkVisibility({ opacityProperty: true, visibilityProperty: true });
      const says = (one) => text === "" || one.innerText.replaceAll("\\u00a0", " ").includes(text);
      return [...document.querySelectorAll(css)].find((one) => isShown(one) && says(one)) ?? null;
      """;

  private final ChromeDriver driver;
  private final Path downloads;

  private Browser(ChromeDriver driver, Path downloads) {
    this.driver = driver;
    this.downloads = downloads;
  }

  static Browser start(Path profile) {
    Assumptions.assumeTrue(
        System.getProperty("os.name").equals("Linux"), "the browser is Debian's Chromium");
    // Not an assumption: without a browser nobody would notice that the page is never tested.
    assertThat(CHROMIUM).as("apt-get install chromium").isExecutable();
    assertThat(DRIVER).as("apt-get install chromium-driver").isExecutable();
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--lang=en-GB",
        "--user-data-dir=" + profile);
    Path downloads = profile.resolveSibling(profile.getFileName() + "-downloads");
    options.setExperimentalOption(
        "prefs", Map.of("download.default_directory", downloads.toString()));
    LoggingPreferences logging = new LoggingPreferences();
    logging.enable(LogType.BROWSER, Level.ALL);
    options.setCapability(ChromeOptions.LOGGING_PREFS, logging);
    // A named driver: Selenium would otherwise look for one on the Internet.
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(DRIVER.toFile())
            .usingAnyFreePort()
            .build();
    Browser browser = new Browser(new ChromeDriver(service, options), downloads);
    browser.screen(1440, 900);
    browser.scheme("light");
    return browser;
  }

  void screen(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
  }

  void scheme(String scheme) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** Opens an address afresh, even when only the part after {@code #} differs. */
  void open(String url) {
    openUnconnected(url);
    see("body[data-connection=online]");
  }

  /** The same where the page never connects. */
  void openUnconnected(String url) {
    driver.get("about:blank");
    driver.get(url);
  }

  void forgetWhatIsCached() {
    driver.executeCdpCommand("Network.clearBrowserCache", Map.of());
  }

  /** The same where nobody is signed in. */
  void openSignedOut(String url) {
    openUnconnected(url);
    see("#sign-in");
  }

  void openInAnotherTab(String url) {
    driver.switchTo().newWindow(WindowType.TAB);
    driver.get(url);
    see("body[data-connection=online]");
  }

  /** Opens the page of a shared link in another tab. */
  void openShared(String url) {
    driver.switchTo().newWindow(WindowType.TAB);
    driver.get(url);
  }

  String tab() {
    return driver.getWindowHandle();
  }

  void switchTo(String tab) {
    driver.switchTo().window(tab);
  }

  void closeTab() {
    driver.close();
  }

  void reload() {
    driver.navigate().refresh();
    see("body[data-connection=online]");
  }

  /** Waits for a file that the page hands over to be saved. */
  String downloaded(String name) {
    Path file = downloads.resolve(name);
    // Chromium gives a file its name when all of it is there.
    waitUntil("the file " + name, _ -> Files.exists(file));
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String address() {
    return driver.getCurrentUrl();
  }

  /** Starts a session with its first message. */
  void begin(String agentType, String text) {
    see("#agent-type").findElement(By.cssSelector("[value=" + agentType + "]")).click();
    say(text);
  }

  void say(String text) {
    see("#send:enabled");
    see("#message").sendKeys(text, Keys.ENTER);
  }

  /** Waits for a visible element. */
  WebElement see(String css) {
    return see(css, "");
  }

  /** Waits for a visible element with this text in it. */
  WebElement see(String css, String text) {
    return new WebDriverWait(driver, TIMEOUT, Duration.ofMillis(50))
        .ignoring(StaleElementReferenceException.class, NoSuchElementException.class)
        .withMessage(() -> "'%s' with '%s' in:%n%s".formatted(css, text, text("body")))
        .until(_ -> (WebElement) run(SEEN, css, text));
  }

  void waitUntil(String what, Predicate<Browser> reached) {
    new WebDriverWait(driver, TIMEOUT, Duration.ofMillis(50))
        .ignoring(StaleElementReferenceException.class)
        .withMessage(() -> what + " in:\n" + text("body"))
        .until(_ -> reached.test(this));
  }

  /** Clicks as soon as there is something to click; a view may be drawn anew in between. */
  void click(String css) {
    click(css, "");
  }

  void click(String css, String text) {
    new WebDriverWait(driver, TIMEOUT, Duration.ofMillis(50))
        .withMessage(() -> "click '%s' with '%s'".formatted(css, text))
        .until(
            _ -> {
              try {
                see(css, text).click();
                return true;
              } catch (StaleElementReferenceException | ElementNotInteractableException e) {
                return false;
              }
            });
  }

  /** Writes into a field as soon as it is there; a view may be drawn anew in between. */
  void write(String css, CharSequence... keys) {
    new WebDriverWait(driver, TIMEOUT, Duration.ofMillis(50))
        .ignoring(StaleElementReferenceException.class, ElementNotInteractableException.class)
        .withMessage(() -> "write into '%s'".formatted(css))
        .until(
            _ -> {
              see(css).sendKeys(keys);
              return true;
            });
  }

  /** Chooses a file of this machine, as the dialog of a file field does. */
  void choose(String css, Path file) {
    driver.findElement(By.cssSelector(css)).sendKeys(file.toString());
  }

  /** Presses keys where the focus is; a view may be drawn anew in between. */
  void press(CharSequence... keys) {
    new WebDriverWait(driver, TIMEOUT, Duration.ofMillis(50))
        .ignoring(StaleElementReferenceException.class)
        .until(
            _ -> {
              driver.switchTo().activeElement().sendKeys(keys);
              return true;
            });
  }

  boolean isFocused(String css) {
    return (Boolean) run("return document.activeElement.matches(arguments[0])", css);
  }

  /** The contrast, 1 to 21, of the text of one element and the ground of another. */
  double contrast(String textOf, String groundOf) {
    Object ratio =
        run(
            """
            const light = (css) => {
              const parts = css.match(/[0-9.]+/g).slice(0, 3).map((part) => {
                const share = part / 255;
                return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
              });
              return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
            };
            const style = (css) => getComputedStyle(document.querySelector(css));
            const both = [light(style(arguments[0]).color), light(style(arguments[1]).backgroundColor)];
            return (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
            """,
            textOf,
            groundOf);
    return ((Number) ratio).doubleValue();
  }

  int count(String css) {
    return all(css).size();
  }

  /** All text of an element, what is folded included. */
  String text(String css) {
    return (String) run("return document.querySelector(arguments[0])?.textContent ?? ''", css);
  }

  /** All text inside a frame. */
  String textInFrame(String css) {
    driver.switchTo().frame(see(css));
    try {
      return text("body");
    } finally {
      driver.switchTo().defaultContent();
    }
  }

  Object run(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  /** What Chromium complained about since the last call: errors and refused content. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        .toList();
  }

  /**
   * Keeps a picture, small enough for a repository, where {@code concert.pictures} names a folder.
   */
  void picture(String name) {
    String folder = System.getProperty("concert.pictures");
    if (folder == null) {
      return;
    }
    Object image =
        driver
            .executeCdpCommand(
                "Page.captureScreenshot", Map.of("format", "webp", "quality", QUALITY))
            .get("data");
    try {
      Files.write(
          Files.createDirectories(Path.of(folder)).resolve(name + ".webp"),
          Base64.getDecoder().decode(image.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<WebElement> all(String css) {
    return driver.findElements(By.cssSelector(css));
  }

  @Override
  public void close() {
    driver.quit();
  }
}
