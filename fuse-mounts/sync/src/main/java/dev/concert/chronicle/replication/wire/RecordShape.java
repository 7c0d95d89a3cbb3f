package dev.concert.chronicle.replication.wire;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;

/**
 * How a record is written: its components one after the other.
 *
 * @param fields types of the components, in their order
 */
record RecordShape<R extends Record>(Class<R> type, List<FieldType<?>> fields) {

  static <R extends Record> RecordShape<R> of(Class<R> type, FieldType<?>... fields) {
    if (type.getRecordComponents().length != fields.length) {
      throw new IllegalArgumentException(type + " does not have " + fields.length + " components");
    }
    return new RecordShape<>(type, List.of(fields));
  }

  String name() {
    return type.getSimpleName();
  }

  /** Names of the fields as Rust writes them. */
  List<String> fieldNames() {
    return Arrays.stream(type.getRecordComponents())
        .map(RecordComponent::getName)
        .map(name -> name.replaceAll("([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT))
        .toList();
  }

  int smallest() {
    return fields.stream().mapToInt(FieldType::smallest).sum();
  }

  FieldType<R> asField() {
    return new FieldType<>(name(), smallest(), this::write, this::read);
  }

  void write(BincodeWriter out, Record value) {
    RecordComponent[] components = type.getRecordComponents();
    for (int i = 0; i < components.length; i++) {
      try {
        write(out, fields.get(i), components[i].getAccessor().invoke(value));
      } catch (ReflectiveOperationException e) {
        throw new LinkageError("The component cannot be read: " + components[i], e);
      }
    }
  }

  @SuppressWarnings("unchecked") // The table gives each component the type that it has.
  private static <T> void write(BincodeWriter out, FieldType<T> field, Object value) {
    field.writing().write(out, (T) value);
  }

  R read(BincodeReader in) throws WireException {
    Object[] values = new Object[fields.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = fields.get(i).reading().read(in);
    }
    try {
      return constructor().newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("The record cannot be made: " + type, e);
    }
  }

  private Constructor<R> constructor() throws NoSuchMethodException {
    return type.getDeclaredConstructor(
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new));
  }
}
