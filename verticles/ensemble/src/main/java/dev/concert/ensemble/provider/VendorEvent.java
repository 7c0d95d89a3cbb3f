package dev.concert.ensemble.provider;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * An event of a provider's stream as the provider sent it.
 *
 * @param name empty if it has none
 * @param data a JSON object as text
 * @param json the same object; its reader has read it already, so the sink may change it
 */
public record VendorEvent(String name, String data, ObjectNode json) {}
