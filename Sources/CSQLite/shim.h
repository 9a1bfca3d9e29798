#include <sqlite3.h>

/// sqlite3_db_config takes what Swift cannot give: arguments of any number.
static inline int csqlite_leave_log(sqlite3 *database) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}
