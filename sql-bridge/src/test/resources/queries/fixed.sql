-- What was different once and is not now.
create table t (k integer, a integer, b integer, s varchar, c boolean, d boolean);
insert into t values (1, 1, 2, 'x', true, false), (2, 2, null, 'xay', null, true), (2, 1, 5, 'y', false, false), (null, 1, 3, null, true, true);
create table u (k integer, b integer, x integer);
insert into u values (1, 1, 1), (2, 2, 2), (2, 3, null), (7, 2, 4);
create table f (k integer, x double);
insert into f values (0, cast('-Infinity' as double)), (1, 2.5);

-- spelling
select position((s || 'a') in s), position('a' in s), position(lower(s) in s) from t order by all;
select position(case when k in (1) then 'x' else 'y' end in s || 'yx') from t order by 1;
with w as ((select 1 as a except select 2) union all select 3 order by a) select * from w order by 1;
select * from (((select k from u) except select 2) union select 3 order by 1 limit 2) q order by 1;
select count(*) as c qualify row_number() over (order by 1) = 1;

-- constants
select -cast(0.5 as decimal(20,1)), cast(0.5 as decimal(20,1)) + 1;
select cast(12.5 as decimal(20,1)) * 12345678901234567.5;
select 1 intersect all select 2 from t where coalesce(false, true) group by cube (a);
select 1, k from t group by k intersect all select 1, 2 from t where case when true then false else true end;
select distinct k from t where not exists (select 1 from u where x > 9) intersect select 2 from u group by x;

-- infinite floats in statistics
select k from f where (select max(1) from f as e where f.x <= e.x) = 1 order by 1;
select 1 from f a left join u c on true where (select count(*) from f as e where a.x between a.x and e.x) = 2;

-- columns of USING and NATURAL by their names
select 1 from t a right join u b using (k) where k = 1;
select row_number() over (order by k), k from t a full join u b using (k) order by 1;
select count(*), k from t a full join u b using (k) group by k having k > 0 order by k;
select k, a.b, b.b from t a full join u b using (k) qualify row_number() over (order by k, a.b, b.b) = k order by k;
select k from t a join u b using (k) qualify k in (1, 7) and count(*) over (partition by k) > 0;
select sum(a.a) over w as s from t a full join u b using (k) window w as (partition by k) order by 1;
select k, sum(k) from t a natural full join (select k from u) b group by k having min(k) > 0 order by max(k);
select k, rank() over (order by k desc), count(a.k) from t a full join u b using (k) group by k order by k;

-- what stands beside groups
select a from t where exists (select t.a from u group by u.b) order by a;
select a from t where a in (select t.a from u group by u.b having u.b = t.b) order by a;
select a, (select t.a + count(*) from u) from t order by all;
select a, (select max(u.x) + t.a from u where u.k = t.k having count(*) + t.b > 2) from t order by all;
select k from t group by k having exists (select count(x) over () from u) order by k;
select k, rank() over (order by string_agg(s, ',' order by s)) from t group by k order by k;
select k from t group by k having string_agg(s, ',' order by s) is not null order by k;
select k from t group by k qualify row_number() over (order by string_agg(s, ',' order by s)) = 1;
select k from t group by k order by string_agg(s, ',' order by s desc), k;
select distinct string_agg(s, ',' order by s) as l from t group by k order by l;
select distinct string_agg(s, ',' order by s), rank() over (order by count(*)) from t group by k order by all;
select max(b) from t qualify row_number() over (order by (max(b) in (max(b), max(b)))) <= 4;
select max(b) from t group by a qualify max(b) in (2, max(b)) and row_number() over (order by a) = 1;
select (c and d), count(*) from t group by (c and d) having (c and d) is not null order by all;
select 1 from t group by c, (c and d) having (c and d);
select distinct row_number() over (order by a) as r from t group by a order by r;
select distinct count(*) as c, k, k from t group by a, k order by count(*), k;
select distinct count(*) + rank() over (order by k) as c, k + 1 from t group by k order by c, k + 1;
select ntile(3) over (order by min(k) filter (where k not in (k, 2))) from t group by k order by 1;
select count(*) from t group by k, 11.10 order by 1;
select k, rank() over (order by grouping(k), k) as r, sum(a) from t group by rollup (k) order by all;
select k, sum(a) as y, y * 2 as z, rank() over (order by sum(a) desc) as r from t group by k having y in (1, 3, max(k)) order by z, r, k;
select t.k, count(*), lag(count(*)) over (order by t.k) from t join u on t.k = u.k group by t.k having max(u.x) in (1, max(t.k)) order by t.k;
select k + 1 as k1, max(b) in (5, max(a)) as i from t group by k + 1 having string_agg(s order by s) > '' order by 1;
select (select string_agg(u.x || t.k, ',' order by u.x) from u where u.k = t.k) from t group by t.k having string_agg(s order by s) is not null order by 1;
select distinct row_number() over (order by a, b) as r from t order by r;
select distinct s || '!' as e, count(*) over (partition by a) from t order by 1 desc, count(*) over (partition by a);
select k, a from t order by row_number() over (order by b desc nulls last);

-- two outer columns of a grouped query, one in the select list of the sub-query
select (select t.c from u as j where j.k = t.a), max(t.s) from t group by t.c, t.a order by all;
select (select t.c from u as j where j.k = t.a limit 1), max(t.b) from t group by t.a, t.c order by all;

-- NULLIF is of its first argument's type
select cast(nullif(-1.25, cast(9 as decimal(18,4))) as varchar), nullif(cast(3 as integer), cast(3 as bigint));
with w (x, n) as (select j.k, 0 from t j) select 1 from w left join u j4 on true where j4.b < (select max(q.c) from (select j4.k as c from t) q) order by 1;

-- decimals keep their places in CASE and UNION
select case when k > 5 then cast(k as decimal(18,0)) * (k % 97) else (3.10 * 6.5) end from t order by 1;
select case ['a', 'Ab'][2]::varchar when 'Ab' then 1 end as c, [1, 2][1]::varchar || 'x' as d, 5 in (select ['5'][1]::int) as e;
