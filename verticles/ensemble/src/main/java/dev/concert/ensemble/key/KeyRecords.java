package dev.concert.ensemble.key;

import dev.concert.ensemble.exchange.ExchangedRecords;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keys, teams and customers, as nodes exchange them. Reads the file only after a change of it. */
public final class KeyRecords implements ExchangedRecords {
  private final KeyStore store;
  private final Map<String, String> sent = new HashMap<>();
  private long looked = -1;

  public KeyRecords(KeyStore store) {
    this.store = store;
  }

  @Override
  public Map<String, String> unsent() {
    long changes = store.changes();
    if (changes == looked) {
      return Map.of();
    }
    Map<String, String> changed = new LinkedHashMap<>(store.records());
    changed.entrySet().removeIf(each -> each.getValue().equals(sent.get(each.getKey())));
    if (changed.isEmpty()) {
      looked = changes;
    }
    return changed;
  }

  @Override
  public void sent(Map<String, String> records) {
    sent.putAll(records);
  }

  @Override
  public void forgotten() {
    sent.clear();
    looked = -1;
  }

  @Override
  public void take(List<String> records, boolean forced) {
    store.take(records, forced);
  }
}
