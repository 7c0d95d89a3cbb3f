package dev.concert.testing.github;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Repositories on disk, which {@code git http-backend} serves. */
public final class GitBackend {
  private final Vertx vertx;
  private final Path root;

  public GitBackend(Vertx vertx, Path root) {
    this.vertx = vertx;
    this.root = root;
  }

  private Path folder(String repository) {
    return root.resolve(repository + ".git");
  }

  /** Where git-lfs keeps the files of a repository. */
  Path largeFiles(String repository) {
    return folder(repository).resolve("lfs/objects");
  }

  /** Makes a repository with a commit on {@code main}. */
  public void create(String repository, Map<String, String> files) {
    try {
      Path work = Files.createTempDirectory(root, "work");
      for (Map.Entry<String, String> file : files.entrySet()) {
        Path path = work.resolve(file.getKey());
        Files.createDirectories(path.getParent());
        Files.writeString(path, file.getValue());
      }
      run(work, "git", "init", "-q", "-b", "main");
      run(work, "git", "add", "-A");
      run(
          work,
          "git",
          "-c",
          "user.name=Ada",
          "-c",
          "user.email=ada@example.com",
          "commit",
          "-q",
          "-m",
          "First");
      Files.createDirectories(folder(repository).getParent());
      run(work, "git", "clone", "-q", "--bare", work.toString(), folder(repository).toString());
      run(folder(repository), "git", "config", "http.receivepack", "true");
      run(folder(repository), "git", "config", "uploadpack.allowFilter", "true");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** What git says in a repository; fails where git does. */
  public String git(String repository, String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = "git";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return run(folder(repository), command);
  }

  public Optional<String> commit(String repository, String branch) {
    try {
      return Optional.of(git(repository, "rev-parse", "--verify", "-q", "refs/heads/" + branch));
    } catch (AssertionError absent) {
      return Optional.empty();
    }
  }

  /** Whether a commit is there. */
  public boolean isCommit(String repository, String commit) {
    try {
      return git(repository, "cat-file", "-t", commit).equals("commit");
    } catch (AssertionError absent) {
      return false;
    }
  }

  /** Puts a commit with these files on another one, and a reference on it. */
  public String push(
      String repository, String parent, String reference, Map<String, String> files) {
    try {
      Path work = Files.createTempDirectory(root, "push");
      run(work, "git", "clone", "-q", "--no-checkout", folder(repository).toString(), ".");
      String commit = git(repository, "rev-parse", parent + "^{commit}");
      run(work, "git", "checkout", "-q", "--detach", commit);
      for (Map.Entry<String, String> file : files.entrySet()) {
        Path path = work.resolve(file.getKey());
        Files.createDirectories(path.getParent());
        Files.writeString(path, file.getValue());
      }
      run(work, "git", "add", "-A", "-f");
      run(
          work,
          "git",
          "-c",
          "user.name=Ada",
          "-c",
          "user.email=ada@example.com",
          "commit",
          "-q",
          "--allow-empty",
          "-m",
          "Next");
      run(work, "git", "push", "-q", "--force", "origin", "HEAD:" + reference);
      return run(work, "git", "rev-parse", "HEAD");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Gives a repository another name. */
  void rename(String from, String to) {
    try {
      Files.move(folder(from), folder(to));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String run(Path folder, String... command) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
      Process process = builder.redirectErrorStream(true).start();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new AssertionError(List.of(command) + ": " + said);
      }
      return said;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Answers git. */
  public Future<Void> answer(HttpServerRequest request, Buffer body) {
    return answer(request, body, () -> {});
  }

  /**
   * Answers git.
   *
   * @param done runs when git did it, and has not answered yet
   */
  public Future<Void> answer(HttpServerRequest request, Buffer body, Runnable done) {
    return vertx
        .executeBlocking(
            () -> {
              byte[] out = cgi(request, body.getBytes());
              done.run();
              return out;
            },
            false)
        .compose(
            out -> {
              int end = indexOfEnd(out);
              String head = new String(out, 0, end, StandardCharsets.ISO_8859_1);
              for (String line : head.split("\r\n")) {
                String[] parts = line.split(": ", 2);
                if (parts[0].equals("Status")) {
                  request.response().setStatusCode(Integer.parseInt(parts[1].substring(0, 3)));
                } else {
                  request.response().putHeader(parts[0], parts[1]);
                }
              }
              return request
                  .response()
                  .end(Buffer.buffer(Arrays.copyOfRange(out, end + 4, out.length)));
            });
  }

  private static int indexOfEnd(byte[] out) {
    int at = new String(out, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n");
    if (at < 0) {
      throw new AssertionError("git http-backend answered without a head");
    }
    return at;
  }

  private byte[] cgi(HttpServerRequest request, byte[] body) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("git", "http-backend");
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("GIT_"));
    environment.put("GIT_PROJECT_ROOT", root.toString());
    environment.put("GIT_HTTP_EXPORT_ALL", "1");
    environment.put("PATH_INFO", request.path());
    environment.put("QUERY_STRING", Optional.ofNullable(request.query()).orElse(""));
    environment.put("REQUEST_METHOD", request.method().name());
    environment.put("CONTENT_LENGTH", Integer.toString(body.length));
    header(request, "Content-Type", "CONTENT_TYPE", environment);
    header(request, "Content-Encoding", "HTTP_CONTENT_ENCODING", environment);
    header(request, "Git-Protocol", "GIT_PROTOCOL", environment);
    environment.put("REMOTE_USER", "x-access-token");
    Process git = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    Thread.ofVirtual()
        .start(
            () -> {
              try (OutputStream in = git.getOutputStream()) {
                in.write(body);
              } catch (IOException ended) {
                // What it answers says why.
              }
            });
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    git.getInputStream().transferTo(out);
    git.waitFor();
    return out.toByteArray();
  }

  private static void header(
      HttpServerRequest request, String name, String variable, Map<String, String> environment) {
    Optional.ofNullable(request.getHeader(name))
        .ifPresent(value -> environment.put(variable, value));
  }
}
