"""What trees of tests expect of files that are not counted: what the data file says."""

from tokviz.analysis.codebase.token_density_priors import read_token_density
from tokviz.assets import Assets

DENSITY = read_token_density(Assets())
