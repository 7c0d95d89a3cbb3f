/**
 * Whether workspaces can be written: {@code DiskProbe} tries their disks, {@code HealthProblem} is
 * one reason why not, {@code HealthReporter} publishes when a problem begins, changes and ends.
 */
package dev.concert.chronicle.health;
