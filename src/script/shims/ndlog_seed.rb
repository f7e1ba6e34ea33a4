# Seeds Ruby's generator by NDLOG_RANDOM_SEED; loaded with `ruby -r`.

srand(ENV["NDLOG_RANDOM_SEED"].to_i) if ENV["NDLOG_RANDOM_SEED"]
