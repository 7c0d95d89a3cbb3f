package dev.concert.coordinator.sandbox.seccomp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A classic BPF program on the data of one system call, as {@code struct sock_filter[]}
 * (linux/filter.h, linux/seccomp.h). Every jump goes over exactly one instruction, so the 8-bit
 * offsets are never too short. Not thread-safe.
 */
final class BpfProgram {
  private static final int LOAD_WORD = 0x20;
  private static final int JUMP_EQUAL = 0x15;
  private static final int JUMP_AT_LEAST = 0x35;
  private static final int JUMP_ANY_BIT = 0x45;
  private static final int RETURN = 0x06;

  /** Offsets in {@code struct seccomp_data}. */
  private static final int NUMBER = 0;

  private static final int ARCHITECTURE = 4;
  private static final int ARGUMENTS = 16;

  private static final int ALLOW = 0x7FFF0000;
  private static final int ERRNO = 0x00050000;

  private final ByteArrayOutputStream instructions = new ByteArrayOutputStream();

  BpfProgram loadNumber() {
    return add(LOAD_WORD, 0, 0, NUMBER);
  }

  BpfProgram loadArchitecture() {
    return add(LOAD_WORD, 0, 0, ARCHITECTURE);
  }

  /** Loads the low 32 bits of an argument, 0 to 5. */
  BpfProgram loadArgument(int index) {
    return add(LOAD_WORD, 0, 0, ARGUMENTS + 8 * index);
  }

  BpfProgram failIfEqual(int value, int errno) {
    return add(JUMP_EQUAL, 0, 1, value).fail(errno);
  }

  BpfProgram failUnlessEqual(int value, int errno) {
    return add(JUMP_EQUAL, 1, 0, value).fail(errno);
  }

  BpfProgram failIfAtLeast(int value, int errno) {
    return add(JUMP_AT_LEAST, 0, 1, value).fail(errno);
  }

  BpfProgram failIfAnyBit(int bits, int errno) {
    return add(JUMP_ANY_BIT, 0, 1, bits).fail(errno);
  }

  BpfProgram allowIfEqual(int value) {
    return add(JUMP_EQUAL, 0, 1, value).allow();
  }

  /** Skips the next {@code count} instructions unless the loaded value is this one. */
  BpfProgram skipUnlessEqual(int value, int count) {
    return add(JUMP_EQUAL, 0, count, value);
  }

  BpfProgram fail(int errno) {
    return add(RETURN, 0, 0, ERRNO | errno);
  }

  BpfProgram allow() {
    return add(RETURN, 0, 0, ALLOW);
  }

  byte[] toBytes() {
    return instructions.toByteArray();
  }

  private BpfProgram add(int code, int whenTrue, int whenFalse, int operand) {
    instructions.writeBytes(
        ByteBuffer.allocate(8)
            .order(ByteOrder.nativeOrder())
            .putShort((short) code)
            .put((byte) whenTrue)
            .put((byte) whenFalse)
            .putInt(operand)
            .array());
    return this;
  }
}
