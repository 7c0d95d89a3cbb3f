/** Tests of what a run does. */
package dev.concert.automations.run;
