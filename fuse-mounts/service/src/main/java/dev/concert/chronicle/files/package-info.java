/**
 * Requests about single files of a workspace: reads, writes, differences between iterations, and
 * the errors that people see for them.
 */
package dev.concert.chronicle.files;
