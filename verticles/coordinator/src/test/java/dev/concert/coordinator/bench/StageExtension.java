package dev.concert.coordinator.bench;

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

final class StageExtension implements ParameterResolver, AfterEachCallback {
  private static final Namespace NAMESPACE = Namespace.create(StageExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    return parameter.getParameter().getType() == Stage.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
    Stage stage =
        Stage.open(folder(), test.getRequiredTestClass().getAnnotation(OnStage.class).value());
    test.getStore(NAMESPACE).put(Stage.class, stage);
    return stage;
  }

  private static Path folder() {
    try {
      return Files.createTempDirectory("stage");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void afterEach(ExtensionContext test) throws IOException {
    Optional<Stage> opened =
        Optional.ofNullable(test.getStore(NAMESPACE).remove(Stage.class, Stage.class));
    if (opened.isPresent()) {
      Stage stage = opened.get();
      stage.close();
      assertThat(stage.processes()).isEmpty();
      delete(stage.root());
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
