package dev.concert.coordinator.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

final class CoordinatorExtension implements ParameterResolver, AfterEachCallback {
  private static final Namespace NAMESPACE = Namespace.create(CoordinatorExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    return parameter.getParameter().getType() == CoordinatorHarness.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
    CoordinatorHarness coordinator =
        CoordinatorHarness.open(
            folder(), test.getRequiredTestClass().getAnnotation(WithCoordinator.class).value());
    test.getStore(NAMESPACE).put(CoordinatorHarness.class, coordinator);
    return coordinator;
  }

  private static Path folder() {
    try {
      return Files.createTempDirectory("coordinator");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void afterEach(ExtensionContext test) throws IOException {
    Optional<CoordinatorHarness> opened =
        Optional.ofNullable(
            test.getStore(NAMESPACE).remove(CoordinatorHarness.class, CoordinatorHarness.class));
    if (opened.isPresent()) {
      CoordinatorHarness coordinator = opened.get();
      coordinator.close();
      assertThat(coordinator.processes()).isEmpty();
      delete(coordinator.root());
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> found = Files.walk(folder)) {
      List<Path> deepestFirst = found.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    }
  }
}
