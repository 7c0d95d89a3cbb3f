package dev.concert.github.api;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** What a forge shows of commits while work goes on, and at its end. Each step can be repeated. */
public interface CommitStatus {
  /**
   * One of a commit.
   *
   * @param id that the forge gave it
   * @param link for people
   */
  record Shown(String commit, long id, Optional<String> link) {}

  /**
   * Begins one, unless it was begun.
   *
   * @param key by which it is found again
   * @return its id; empty where the forge takes none from us
   */
  Future<Optional<Long>> begin(
      String commit, String key, Optional<String> link, String title, String summary);

  /** Says how far it is. */
  Future<Void> progress(Shown shown, String title, String summary);

  /**
   * Ends it.
   *
   * @param annotations for lines, where the forge shows some
   */
  Future<Void> complete(
      Shown shown,
      CheckConclusion conclusion,
      String title,
      String summary,
      List<CheckAnnotation> annotations);
}
