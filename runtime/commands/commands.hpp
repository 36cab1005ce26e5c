/// The program's commands: one file each, one line each in main's table.
#pragma once

namespace CLI {
class App;
}

namespace annulet::runtime {

// Each adds its command to the program; when it was chosen and has run, exit_code is its end.
void add_demo_command(CLI::App& program, int& exit_code);
void add_data_command(CLI::App& program, int& exit_code);
void add_run_command(CLI::App& program, int& exit_code);
void add_join_command(CLI::App& program, int& exit_code);
void add_up_command(CLI::App& program, int& exit_code);
void add_simulate_command(CLI::App& program, int& exit_code);
void add_optimum_command(CLI::App& program, int& exit_code);
void add_bench_command(CLI::App& program, int& exit_code);
void add_allreduce_command(CLI::App& bench, int& exit_code);
void add_net_command(CLI::App& program, int& exit_code);
void add_doctor_command(CLI::App& program, int& exit_code);
void add_signature_command(CLI::App& program, int& exit_code);
void add_plan_command(CLI::App& program, int& exit_code);
void add_report_command(CLI::App& program, int& exit_code);
void add_reproduce_command(CLI::App& program, int& exit_code);
void add_eval_command(CLI::App& program, int& exit_code);
void add_predict_command(CLI::App& program, int& exit_code);
void add_version_command(CLI::App& program, int& exit_code);

}  // namespace annulet::runtime
