package dev.concert.chronicle.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.view.TreeView.EscapeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both views answer the same. */
class TreeViewTest {
  enum Way {
    POSIX(PosixTreeView::open),
    NIO(NioTreeView::open);

    private final Function<Path, TreeView> opening;

    Way(Function<Path, TreeView> opening) {
      this.opening = opening;
    }
  }

  @TempDir Path home;

  private TreeView open(Way way) throws IOException {
    Path root = Files.createDirectory(home.resolve("tree"));
    Files.writeString(home.resolve("secret"), "s");
    Files.createDirectories(root.resolve("d/e"));
    Files.writeString(root.resolve("d/f"), "text");
    Files.createSymbolicLink(root.resolve("in"), Path.of("d/f"));
    Files.createSymbolicLink(root.resolve("out"), Path.of("../secret"));
    Files.createSymbolicLink(root.resolve("up"), Path.of(".."));
    return way.opening.apply(root);
  }

  @ParameterizedTest
  @EnumSource
  void a_folder_is_listed_by_name_and_symlinks_are_themselves(Way way) throws IOException {
    try (TreeView view = open(way)) {
      assertThat(view.children(""))
          .extracting(TreeFile::path)
          .containsExactly("d", "in", "out", "up");
      assertThat(view.children("d")).extracting(TreeFile::path).containsExactly("d/e", "d/f");
      assertThat(view.children("nowhere")).isEmpty();
      assertThat(view.find("in"))
          .hasValueSatisfying(file -> assertThat(file.type()).isEqualTo(TreeFile.Type.SYMLINK));
      assertThat(view.readLink("in").orElseThrow()).asString().isEqualTo("d/f");
      assertThat(view.find("nowhere")).isEmpty();
      assertThat(view.find("")).isPresent();
    }
  }

  @ParameterizedTest
  @EnumSource
  void symlinks_are_followed_inside_and_refused_outside(Way way) throws IOException {
    try (TreeView view = open(way)) {
      try (OpenContent content = view.open("in").orElseThrow()) {
        byte[] bytes = new byte[10];
        assertThat(content.content().read(bytes, 1)).isEqualTo(3);
        assertThat(content.size()).isEqualTo(4);
      }
      assertThatExceptionOfType(EscapeException.class).isThrownBy(() -> view.open("out"));
      assertThatExceptionOfType(EscapeException.class).isThrownBy(() -> view.open("up/secret"));
      assertThatExceptionOfType(EscapeException.class).isThrownBy(() -> view.find("up/secret"));
      assertThat(view.open("d")).isEmpty();
      assertThat(view.open("none")).isEmpty();
    }
  }
}
