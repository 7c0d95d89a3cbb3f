package dev.concert.chronicle.replication.wire;

import static dev.concert.chronicle.replication.wire.FieldType.BOOL;
import static dev.concert.chronicle.replication.wire.FieldType.BYTES;
import static dev.concert.chronicle.replication.wire.FieldType.I64;
import static dev.concert.chronicle.replication.wire.FieldType.STRING;
import static dev.concert.chronicle.replication.wire.FieldType.U64;
import static dev.concert.chronicle.replication.wire.FieldType.list;
import static dev.concert.chronicle.replication.wire.FieldType.option;

import dev.concert.chronicle.replication.wire.WireMessage.Accepted;
import dev.concert.chronicle.replication.wire.WireMessage.Ack;
import dev.concert.chronicle.replication.wire.WireMessage.BarrierConfirmation;
import dev.concert.chronicle.replication.wire.WireMessage.BarrierRequest;
import dev.concert.chronicle.replication.wire.WireMessage.CatchupRequest;
import dev.concert.chronicle.replication.wire.WireMessage.ContentFetchRequest;
import dev.concert.chronicle.replication.wire.WireMessage.ContentFetchResponse;
import dev.concert.chronicle.replication.wire.WireMessage.ContentNotFound;
import dev.concert.chronicle.replication.wire.WireMessage.FullResyncRequired;
import dev.concert.chronicle.replication.wire.WireMessage.Heartbeat;
import dev.concert.chronicle.replication.wire.WireMessage.Notification;
import dev.concert.chronicle.replication.wire.WireMessage.Rejected;
import dev.concert.chronicle.replication.wire.WireMessage.WriteBack;
import dev.concert.chronicle.replication.wire.WireMessage.WriteBackEntry;
import dev.concert.chronicle.replication.wire.WireMessage.WriteBackResult;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Every message with its fields. A message's place in the list is its variant number. */
public final class WireTable {
  private static final RecordShape<WriteBackEntry> ENTRY =
      RecordShape.of(WriteBackEntry.class, U64, STRING, STRING, U64, I64, I64);
  private static final RecordShape<Accepted> ACCEPTED = RecordShape.of(Accepted.class, U64, I64);
  private static final RecordShape<Rejected> REJECTED = RecordShape.of(Rejected.class, U64, STRING);

  private static final List<RecordShape<?>> MESSAGES =
      List.of(
          RecordShape.of(Notification.class, U64, STRING, STRING, U64, I64, BOOL, option(BYTES)),
          RecordShape.of(Heartbeat.class, U64, I64),
          RecordShape.of(WriteBack.class, STRING, list(ENTRY.asField())),
          RecordShape.of(WriteBackResult.class, list(ACCEPTED.asField()), list(REJECTED.asField())),
          RecordShape.of(BarrierRequest.class, U64),
          RecordShape.of(BarrierConfirmation.class, BOOL, U64),
          RecordShape.of(Ack.class, U64),
          RecordShape.of(ContentFetchRequest.class, STRING),
          RecordShape.of(ContentFetchResponse.class, STRING, BYTES, U64, option(STRING)),
          RecordShape.of(ContentNotFound.class, STRING),
          RecordShape.of(CatchupRequest.class, STRING, U64),
          RecordShape.of(FullResyncRequired.class, STRING, U64));

  private WireTable() {}

  /** The message without a frame. */
  public static byte[] encode(WireMessage message) {
    BincodeWriter out = new BincodeWriter();
    for (int variant = 0; variant < MESSAGES.size(); variant++) {
      if (MESSAGES.get(variant).type().isInstance(message)) {
        out.u32(variant);
        MESSAGES.get(variant).write(out, (Record) message);
        return out.toBytes();
      }
    }
    throw new IllegalArgumentException("No row of the table for " + message.getClass());
  }

  /**
   * @throws WireException says what is wrong where the bytes are not exactly one message
   */
  public static WireMessage decode(byte[] bytes) throws WireException {
    BincodeReader in = new BincodeReader(bytes);
    int variant = in.u32();
    if (variant < 0 || variant >= MESSAGES.size()) {
      throw new WireException("there is no message " + Integer.toUnsignedString(variant));
    }
    WireMessage message = (WireMessage) MESSAGES.get(variant).read(in);
    in.end();
    return message;
  }

  /** The table as Markdown. */
  public static String document() {
    String messages =
        IntStream.range(0, MESSAGES.size())
            .mapToObj(n -> "| %d %s\n".formatted(n, row(MESSAGES.get(n))))
            .collect(Collectors.joining());
    String parts =
        List.of(ENTRY, ACCEPTED, REJECTED).stream()
            .map(shape -> "| – " + row(shape) + "\n")
            .collect(Collectors.joining());
    return "| variant | message | fields |\n|---|---|---|\n" + messages + parts;
  }

  private static String row(RecordShape<?> shape) {
    List<String> names = shape.fieldNames();
    return "| `%s` | %s |"
        .formatted(
            shape.name(),
            IntStream.range(0, names.size())
                .mapToObj(n -> "`%s: %s`".formatted(names.get(n), shape.fields().get(n).name()))
                .collect(Collectors.joining(", ")));
  }
}
