package dev.concert.chronicle.localsync.folder;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jgit.ignore.IgnoreNode;

/**
 * Which files of a folder take no part: what {@code .concertignore} says; else what {@code
 * .gitignore} says, each in the syntax of git, in every folder, the deepest one first; else what
 * editors and desktops leave behind. Never {@code .git}, and nothing of this program.
 *
 * <p>What is inside an ignored folder cannot be taken back, as in git. Files of rules are read once
 * and again after {@link #changed}. Thread-safe.
 */
public final class IgnoreRules implements PathRules {
  /** How names of files begin that are being written by this program. */
  public static final String TEMPORARY = ".concert-tmp-";

  private static final String OURS = ".concertignore";
  private static final String GIT = ".gitignore";
  private static final Set<String> NEVER = Set.of(".git", ".concert", ".chronicle");
  private static final int LONGEST_RULES = 1024 * 1024;
  private static final IgnoreNode DEFAULTS = defaults();

  private final Path root;
  private final Map<String, Optional<IgnoreNode>> known = new ConcurrentHashMap<>();
  private volatile Runnable onChange = () -> {};

  public IgnoreRules(Path root) {
    this.root = root;
  }

  private static IgnoreNode defaults() {
    try (InputStream rules = IgnoreRules.class.getResourceAsStream("default.ignore")) {
      IgnoreNode node = new IgnoreNode();
      node.parse(rules);
      return node;
    } catch (IOException e) {
      throw new UncheckedIOException("The default rules cannot be read", e);
    }
  }

  /** Whether a change of this path means that the rules are to be read again. */
  public static boolean isRules(String path) {
    String name = name(path);
    return name.equals(GIT) || name.equals(OURS);
  }

  /** A file of rules changed: they are read again when they are needed next. */
  @Override
  public void changed() {
    known.clear();
    onChange.run();
  }

  /** What to do besides, each time that rules changed. */
  public void onChange(Runnable action) {
    onChange = action;
  }

  @Override
  public boolean ignores(String path, boolean folder) {
    for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
      if (ignoresItself(path.substring(0, slash), true)) {
        return true;
      }
    }
    return ignoresItself(path, folder);
  }

  @Override
  public boolean ignoresItself(String path, boolean folder) {
    String name = name(path);
    if (NEVER.contains(name) || name.startsWith(TEMPORARY)) {
      return true;
    }
    return said(OURS, path, folder)
        .or(() -> said(GIT, path, folder))
        .or(() -> Optional.ofNullable(DEFAULTS.checkIgnored(path, folder)))
        .orElse(false);
  }

  private Optional<Boolean> said(String rules, String path, boolean folder) {
    int end = path.lastIndexOf('/');
    while (true) {
      String place = end < 0 ? "" : path.substring(0, end + 1);
      Optional<Boolean> said =
          known
              .computeIfAbsent(place + rules, this::read)
              .map(node -> node.checkIgnored(path.substring(place.length()), folder));
      if (said.isPresent() || end < 0) {
        return said;
      }
      end = path.lastIndexOf('/', end - 1);
    }
  }

  private Optional<IgnoreNode> read(String rules) {
    Path file = root.resolve(rules);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try (var channel =
        Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      byte[] text = Channels.newInputStream(channel).readNBytes(LONGEST_RULES);
      IgnoreNode node = new IgnoreNode();
      node.parse(rules, new ByteArrayInputStream(text));
      return Optional.of(node);
    } catch (IOException e) {
      // Without its rules far too much would be sent.
      throw new UncheckedIOException("%s cannot be read".formatted(file), e);
    }
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
