#include "cmd/cmd.h"
int cmd_check(struct cmd *cmd) { (void)cmd; return 0; }
