package dev.concert.testing.log;

import dev.concert.testing.Await;
import java.lang.reflect.AnnotatedElement;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Hides and checks the messages that {@link ExpectedLog} names. */
final class LogExpectations
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(LogExpectations.class);

  /** The open captures of a class or of a method. */
  private record Captures(List<LogCapture> open) {}

  @Override
  public void beforeAll(ExtensionContext context) {
    open(context, context.getRequiredTestClass());
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    open(context, context.getRequiredTestMethod());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    verify(context);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    verify(context);
  }

  private static void open(ExtensionContext context, AnnotatedElement element) {
    context
        .getStore(NAMESPACE)
        .put(
            context.getUniqueId(),
            new Captures(
                AnnotationSupport.findRepeatableAnnotations(element, ExpectedLog.class).stream()
                    .map(LogCapture::start)
                    .toList()));
  }

  private static void verify(ExtensionContext context) {
    Captures captures = context.getStore(NAMESPACE).remove(context.getUniqueId(), Captures.class);
    if (captures == null) {
      return;
    }
    try {
      if (context.getExecutionException().isEmpty()) {
        captures.open().stream()
            .filter(LogCapture::isRequired)
            .forEach(one -> Await.until(one.toString(), one::came));
      }
    } finally {
      captures.open().reversed().forEach(LogCapture::stop);
    }
  }
}
