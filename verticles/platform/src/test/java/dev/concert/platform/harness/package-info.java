/**
 * What the tests of the whole platform stand on: the program as a process or in this JVM, and
 * clients that remember every frame.
 */
package dev.concert.platform.harness;
