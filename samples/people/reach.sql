-- Whom does everybody know, directly or through others, and in which department do these work?
-- A path in triples (people.ttl), joined with two CSV files, grouped.
-- Run it from the root of the repository: ./penstock sql --data samples/people -f samples/people/reach.sql
SELECT k.who, count(*) AS known, string_agg(DISTINCT dept.DeptName, ', ' ORDER BY dept.DeptName) AS departments
FROM sparql('PREFIX : <http://example.org/people/>
             SELECT ?who ?whom { ?a :knows+ ?b . ?a :name ?who . ?b :name ?whom FILTER (?a != ?b) }') k
JOIN empl ON empl.Name = k.whom
LEFT JOIN dept ON dept.DeptID = empl.DeptID
GROUP BY k.who
ORDER BY known DESC, k.who;
