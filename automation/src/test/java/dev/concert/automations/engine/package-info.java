/** The engine with a played gateway and a clock that the test sets. */
package dev.concert.automations.engine;
