/**
 * The tables of a tenant's automations. Each slot is a row before anything happens; inserting it
 * and moving the automation to its next time is one transaction, and the slot's key, automation and
 * time, makes it impossible twice.
 */
package dev.concert.automations.store;
