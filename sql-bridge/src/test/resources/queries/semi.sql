create table t as select * from (values (1,'a'),(2,'b'),(3,null),(3,'c')) as v(i,s);
create table u as select * from (values (1,'x'),(3,'y'),(5,'z')) as v(i,w);
select t.i, s, v.i from t semi join u on t.i = u.i right join u v on v.i = t.i order by all;
select t.i, s, v.i from t anti join u using (i) full join u v on v.i = t.i order by all;
select t.i, v.w from t semi join u using (i) full join u v on v.i = t.i + 2 where t.i is null or s <> 'c' order by all;
select count(*) from t anti join u using (i) right join u v on true;
