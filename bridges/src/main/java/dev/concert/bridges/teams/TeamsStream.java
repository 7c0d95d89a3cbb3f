package dev.concert.bridges.teams;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * A message that grows in a direct conversation. Its place is kept as the id of the message, so
 * that it goes on after a restart. Source:
 * https://learn.microsoft.com/microsoftteams/platform/bots/streaming-ux.
 *
 * @param id that Teams gave it; the message has it, too, once it is whole
 * @param sequence of the part that was sent last, from 1
 */
record TeamsStream(String id, int sequence) {
  private static final String PREFIX = "stream:";

  /** The stream that an id of a message is; empty for one that is whole. */
  static Optional<TeamsStream> of(String remoteId) {
    String[] parts = remoteId.split(":", 3);
    return remoteId.startsWith(PREFIX) && parts.length == 3
        ? Optional.of(new TeamsStream(parts[2], Integer.parseInt(parts[1])))
        : Optional.empty();
  }

  String remoteId() {
    return PREFIX + sequence + ":" + id;
  }

  TeamsStream next() {
    return new TeamsStream(id, sequence + 1);
  }

  /** Marks an activity as the first part of a stream. */
  static void begin(ObjectNode activity, boolean isInformative) {
    part(activity, isInformative).put("streamSequence", 1);
  }

  /** Marks an activity as this part. */
  void mark(ObjectNode activity, boolean isInformative) {
    part(activity, isInformative).put("streamSequence", sequence).put("streamId", id);
  }

  /** Marks an activity as the message that it has become. */
  void markWhole(ObjectNode activity) {
    entity(activity).put("streamType", "final").put("streamId", id);
  }

  private static ObjectNode part(ObjectNode activity, boolean isInformative) {
    return entity(activity.put("type", "typing"))
        .put("streamType", isInformative ? "informative" : "streaming");
  }

  private static ObjectNode entity(ObjectNode activity) {
    return activity.putArray("entities").addObject().put("type", "streaminfo");
  }
}
