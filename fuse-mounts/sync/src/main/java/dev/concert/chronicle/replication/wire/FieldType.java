package dev.concert.chronicle.replication.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a value is written.
 *
 * @param name as Rust calls the type
 * @param smallest bytes that every value takes at least
 */
record FieldType<T>(String name, int smallest, Writing<T> writing, Reading<T> reading) {

  @FunctionalInterface
  interface Writing<T> {
    void write(BincodeWriter out, T value);
  }

  @FunctionalInterface
  interface Reading<T> {
    T read(BincodeReader in) throws WireException;
  }

  static final FieldType<Long> U64 =
      new FieldType<>("u64", 8, BincodeWriter::u64, BincodeReader::u64);
  static final FieldType<Long> I64 =
      new FieldType<>("i64", 8, BincodeWriter::u64, BincodeReader::u64);
  static final FieldType<String> STRING =
      new FieldType<>("String", 8, BincodeWriter::string, BincodeReader::string);
  static final FieldType<byte[]> BYTES =
      new FieldType<>("Vec<u8>", 8, BincodeWriter::bytes, BincodeReader::bytes);
  static final FieldType<Boolean> BOOL =
      new FieldType<>("bool", 1, (out, value) -> out.u8(value ? 1 : 0), FieldType::flag);

  private static boolean flag(BincodeReader in) throws WireException {
    int value = in.u8();
    if (value > 1) {
      throw new WireException("a bool or Option is neither 0 nor 1 but " + value);
    }
    return value == 1;
  }

  static <T> FieldType<Optional<T>> option(FieldType<T> type) {
    return new FieldType<>(
        "Option<" + type.name + ">",
        1,
        (out, value) -> {
          BOOL.writing.write(out, value.isPresent());
          value.ifPresent(present -> type.writing.write(out, present));
        },
        in -> flag(in) ? Optional.of(type.reading.read(in)) : Optional.empty());
  }

  static <T> FieldType<List<T>> list(FieldType<T> type) {
    return new FieldType<>(
        "Vec<" + type.name + ">",
        8,
        (out, values) -> {
          out.u64(values.size());
          values.forEach(value -> type.writing.write(out, value));
        },
        in -> {
          int count = in.count(type.smallest, "a list");
          List<T> values = new ArrayList<>(count);
          for (int i = 0; i < count; i++) {
            values.add(type.reading.read(in));
          }
          return List.copyOf(values);
        });
  }
}
