package dev.concert.testing.log;

import dev.concert.testing.Await;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;

/** Hides and checks the messages that {@link ExpectedLog} names. */
final class LogExpectations
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(LogExpectations.class);

  /**
   * What belongs to a class or to a method.
   *
   * @param ran the tests of a class that have run
   */
  private record Captures(List<LogCapture> open, Set<Method> ran) {

    /** When a failed test runs again, the messages of the other tests of its class do not come. */
    boolean areComplete(AnnotatedElement element) {
      return !(element instanceof Class<?> type) || ran.containsAll(testsOf(type));
    }
  }

  private static List<Method> testsOf(Class<?> type) {
    return Stream.concat(Stream.of(type), Arrays.stream(type.getDeclaredClasses()))
        .filter(one -> one == type || AnnotationSupport.isAnnotated(one, Nested.class))
        .flatMap(
            one ->
                AnnotationSupport.findAnnotatedMethods(
                    one, Testable.class, HierarchyTraversalMode.TOP_DOWN)
                    .stream())
        .toList();
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    open(context, context.getRequiredTestClass());
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    Method test = context.getRequiredTestMethod();
    Optional<ExtensionContext> outer = context.getParent();
    while (outer.isPresent()) {
      captures(outer.get()).ifPresent(captures -> captures.ran().add(test));
      outer = outer.get().getParent();
    }
    open(context, test);
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
                    .toList(),
                ConcurrentHashMap.newKeySet()));
  }

  private static Optional<Captures> captures(ExtensionContext context) {
    return Optional.ofNullable(
        context.getStore(NAMESPACE).get(context.getUniqueId(), Captures.class));
  }

  private static void verify(ExtensionContext context) {
    Captures captures = context.getStore(NAMESPACE).remove(context.getUniqueId(), Captures.class);
    if (captures == null) {
      return;
    }
    try {
      if (context.getExecutionException().isEmpty()
          && captures.areComplete(context.getElement().orElseThrow())) {
        captures.open().stream()
            .filter(LogCapture::isRequired)
            .forEach(one -> Await.until(one.toString(), one::came));
      }
    } finally {
      captures.open().reversed().forEach(LogCapture::stop);
    }
  }
}
