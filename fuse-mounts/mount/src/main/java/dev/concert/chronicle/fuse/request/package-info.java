/**
 * Serves requests: {@code OperationTable} finds the handler of an opcode, the {@code …Requests} are
 * the handlers by subject; {@code RequestsInProgress} ends those whose process is killed. They call
 * a {@link dev.concert.chronicle.tree.FileSystem}.
 */
package dev.concert.chronicle.fuse.request;
