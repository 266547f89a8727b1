-- 3000 rows: r numbers them, g and k are keys, the others have nulls.
create table a as
select r::integer as r, 'g' || (r * 7919 % 5) as g, (r * 104729 % 11)::integer as k,
  case when r % 7 <> 3 then (r * 15485863 % 101 - 50)::bigint end as i,
  case when r % 11 <> 5 then (r * 32452843 % 2003) / 8.0 - 100 end::double as x,
  case when r % 13 <> 1 then ((r * 49979687 % 10007) / 100.0)::decimal(10,2) end as m,
  case when r % 5 <> 2 then 's' || (r * 67867967 % 23) end as s,
  case when r % 9 <> 0 then r % 2 = 0 end as b,
  case when r % 17 <> 4 then timestamp '2020-01-01' + to_hours((r * 86028121 % 2000)::integer) end as ts,
  case when r % 19 <> 4 then time '00:00:00' + to_seconds((r * 86028121 % 80000)::integer) end as c
from range(3000) t(r);
