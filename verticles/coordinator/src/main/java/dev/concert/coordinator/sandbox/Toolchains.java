package dev.concert.coordinator.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The toolchains that a developer has below their home, as agents may use them: compilers,
 * interpreters and the packages that were downloaded, read-only. Of each folder only the parts are
 * named that hold no credentials; a file in them that may hold some is hidden.
 *
 * @param folders that an agent reads, at the same paths
 * @param hidden folders and files in them that look empty
 * @param programs folders for {@code PATH}
 * @param variables that the tools need to find their folders
 */
public record Toolchains(
    List<Path> folders, List<Path> hidden, List<Path> programs, Map<String, String> variables) {
  public static final Toolchains NONE = new Toolchains(List.of(), List.of(), List.of(), Map.of());

  public Toolchains {
    folders = List.copyOf(folders);
    hidden = List.copyOf(hidden);
    programs = List.copyOf(programs);
    variables = Map.copyOf(variables);
  }

  /** What is there below a home. Reads folders. */
  public static Toolchains below(Path home) {
    Found found = new Found(home);
    found.nvm();
    found.pyenv();
    found.cargo();
    found.maven();
    found.go();
    return new Toolchains(found.folders, found.hidden, found.programs, found.variables);
  }

  private static final class Found {
    private final Path home;
    private final List<Path> folders = new ArrayList<>();
    private final List<Path> hidden = new ArrayList<>();
    private final List<Path> programs = new ArrayList<>();
    private final Map<String, String> variables = new LinkedHashMap<>();

    Found(Path home) {
      this.home = home;
    }

    void nvm() {
      Path versions = home.resolve(".nvm/versions");
      if (reads(versions)) {
        List<Path> node = inside(versions.resolve("node"));
        // npm's global settings, which may have the token of a registry.
        node.forEach(version -> hides(version.resolve("etc")));
        usual(node).ifPresent(version -> finds(version.resolve("bin")));
      }
    }

    /** The version of the alias {@code default}, else the newest. */
    private Optional<Path> usual(List<Path> versions) {
      String wanted = line(home.resolve(".nvm/alias/default")).replaceFirst("^v?", "v");
      Comparator<Path> byNumbers = Comparator.comparing(Found::numbers);
      return versions.stream()
          .filter(version -> (version.getFileName() + ".").startsWith(wanted + "."))
          .max(byNumbers)
          .or(() -> versions.stream().max(byNumbers));
    }

    /** Sorts as the numbers of a version do. */
    private static String numbers(Path version) {
      StringBuilder padded = new StringBuilder();
      for (String part : version.getFileName().toString().split("\\D+")) {
        padded.append("%10s".formatted(part));
      }
      return padded.toString();
    }

    void pyenv() {
      Path root = home.resolve(".pyenv");
      if (reads(root.resolve("versions"))) {
        inside(root.resolve("versions")).forEach(version -> hides(version.resolve("pip.conf")));
        Stream.of("libexec", "bin", "shims", "version").map(root::resolve).forEach(this::reads);
        finds(root.resolve("shims"));
        finds(root.resolve("bin"));
        variables.put("PYENV_ROOT", root.toString());
      }
    }

    void cargo() {
      Path root = home.resolve(".cargo");
      if (reads(root.resolve("bin"))) {
        reads(root.resolve("registry"));
        finds(root.resolve("bin"));
        variables.put("CARGO_HOME", root.toString());
      }
      Path rustup = home.resolve(".rustup");
      if (reads(rustup.resolve("toolchains"))) {
        reads(rustup.resolve("settings.toml"));
        variables.put("RUSTUP_HOME", rustup.toString());
      }
    }

    void maven() {
      Path repository = home.resolve(".m2/repository");
      if (reads(repository)) {
        // What is missing in it is downloaded into the agent's own home.
        variables.put("MAVEN_ARGS", "-Dmaven.repo.local.tail=" + repository);
      }
    }

    void go() {
      Path modules = home.resolve("go/pkg/mod");
      if (reads(modules)) {
        variables.put("GOFLAGS", "-modcacherw");
        variables.put(
            "GOPROXY",
            "file://" + modules.resolve("cache/download") + ",https://proxy.golang.org,direct");
      }
    }

    private boolean reads(Path folder) {
      boolean isThere = Files.exists(folder);
      if (isThere) {
        folders.add(folder);
      }
      return isThere;
    }

    private void hides(Path place) {
      if (Files.exists(place)) {
        hidden.add(place);
      }
    }

    private void finds(Path folder) {
      if (Files.isDirectory(folder)) {
        programs.add(folder);
      }
    }

    private static List<Path> inside(Path folder) {
      if (!Files.isDirectory(folder)) {
        return List.of();
      }
      try (Stream<Path> entries = Files.list(folder)) {
        return entries.filter(Files::isDirectory).sorted().toList();
      } catch (IOException e) {
        throw new UncheckedIOException("The toolchains in " + folder + " cannot be listed", e);
      }
    }

    private static String line(Path file) {
      try {
        return Files.isRegularFile(file) ? Files.readString(file).strip() : "none";
      } catch (IOException e) {
        return "none";
      }
    }
  }
}
