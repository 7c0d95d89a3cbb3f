/** The programs that the demo model can write. */
package dev.concert.ensemble.demo.program;
