# Takes the place of the application's own env.py, which would want its models and its database.
import os

from alembic import context

with open(os.environ["RIPCORD_OUTPUT"], "w", encoding="utf-8") as output:
    context.configure(
        dialect_name="postgresql",
        dialect_opts={"paramstyle": "named"},
        literal_binds=True,
        transactional_ddl=False,
        version_table=os.environ["RIPCORD_VERSION_TABLE"],
        output_buffer=output,
    )
    context.run_migrations()
