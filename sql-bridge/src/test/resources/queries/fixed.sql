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
