package dev.concert.ensemble.ledger;

import dev.concert.foundation.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What lies in a ledger, read beside whoever writes it. */
public final class LedgerRows {
  private LedgerRows() {}

  public static List<Map<String, String>> of(Path file) {
    try (SqliteDatabase database = SqliteDatabase.open(file, LedgerFile.SCHEMAS)) {
      return database.read(
          connection -> {
            List<Map<String, String>> rows = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT * FROM calls ORDER BY id")) {
              ResultSetMetaData columns = row.getMetaData();
              while (row.next()) {
                Map<String, String> values = new LinkedHashMap<>();
                for (int i = 1; i <= columns.getColumnCount(); i++) {
                  values.put(columns.getColumnName(i), row.getString(i));
                }
                rows.add(values);
              }
            }
            return rows;
          });
    }
  }
}
