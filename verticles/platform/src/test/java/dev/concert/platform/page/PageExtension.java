package dev.concert.platform.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One browser and one server for all tests of the page in this JVM, as parameters. Each test begins
 * with the page of a new session, on a desktop, in light colours, and must leave nothing in the
 * browser's console.
 */
final class PageExtension implements ParameterResolver, BeforeEachCallback, AfterEachCallback {
  /** On a busy machine a part does not answer {@code /health} in time, and the page says so. */
  private static final Pattern SLOW =
      Pattern.compile("/health - Failed to load resource: the server responded .* 503");

  private static final Namespace SPACE = Namespace.create(PageExtension.class);

  private record OpenPage(Path folder, Browser browser, PageServer server)
      implements AutoCloseable {
    static OpenPage create() {
      try {
        Path folder = Files.createTempDirectory("concert-page");
        Browser browser = Browser.start(folder.resolve("profile"));
        return new OpenPage(folder, browser, PageServer.start(folder.resolve("data")));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() throws IOException {
      browser.close();
      server.close();
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            // Chromium's last processes may take files away meanwhile.
            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure)
                throws IOException {
              Files.deleteIfExists(directory);
              return FileVisitResult.CONTINUE;
            }
          });
    }
  }

  /** A start that failed is tried again by the next class. */
  private static final class SharedPage implements AutoCloseable {
    private Optional<OpenPage> page = Optional.empty();

    synchronized OpenPage opened() {
      if (page.isEmpty()) {
        page = Optional.of(OpenPage.create());
      }
      return page.get();
    }

    @Override
    public synchronized void close() throws IOException {
      if (page.isPresent()) {
        page.get().close();
      }
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    if (!usesBrowser(context)) {
      return;
    }
    OpenPage page = page(context);
    page.browser.screen(1440, 900);
    page.browser.scheme("light");
    page.browser.open(page.server.url());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (!usesBrowser(context)) {
      return;
    }
    Browser browser = page(context).browser;
    browser.run("localStorage.clear()");
    assertThat(browser.complaints())
        .as("console")
        .filteredOn(line -> !SLOW.matcher(line).find())
        .isEmpty();
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == Browser.class || type == PageServer.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    OpenPage page = page(context);
    return parameter.getParameter().getType() == Browser.class ? page.browser : page.server;
  }

  /** A class whose constructor takes none asks the server alone. */
  private static boolean usesBrowser(ExtensionContext context) {
    return Stream.of(context.getRequiredTestClass().getDeclaredConstructors())
        .flatMap(constructor -> Stream.of(constructor.getParameterTypes()))
        .anyMatch(Browser.class::equals);
  }

  private static OpenPage page(ExtensionContext context) {
    // Maven runs each class on its own: what belongs to the run of one would be started for each.
    return context
        .getStore(StoreScope.LAUNCHER_SESSION, SPACE)
        .getOrComputeIfAbsent(SharedPage.class, _ -> new SharedPage(), SharedPage.class)
        .opened();
  }
}
