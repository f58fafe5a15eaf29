using System;
using System.Collections.Generic;
using NUnit.Framework;
using UnityEngine;

namespace Sentio.Tests
{
    /// <summary>Data of markers: what JSON can hold is sent, other things are named in a warning.</summary>
    [TestFixture]
    public class MarkerDataTests
    {
        private enum Door { Open, Shut }

        private static Dictionary<string, object> With(object value)
        {
            return new Dictionary<string, object> { { "it", value }, { "deep", new object[] { new Dictionary<string, object> { { "it", value } } } } };
        }

        [Test]
        public void MarkersTakeWhatJsonCanHold()
        {
            var data = new Dictionary<string, object>
            {
                { "at", new Vector3(1, 2, 3) }, { "tone", new Color(1, 0.5f, 0, 1) }, { "n", 3 },
                { "deep", new Dictionary<string, object> { { "list", new object[] { null, true, Vector2.one } } } },
            };
            Dictionary<string, object> plain = MarkerData.Of("door", data);
            Assert.AreEqual(new object[] { 1.0, 2.0, 3.0 }, (object[])plain["at"]);
            Assert.AreEqual(new object[] { 1.0, 0.5, 0.0, 1.0 }, (object[])plain["tone"]);
            var deep = (Dictionary<string, object>)plain["deep"];
            Assert.AreEqual(new object[] { 1.0, 1.0 }, (object[])((object[])deep["list"])[2]);
            Assert.IsNull(MarkerData.Of("door", new Dictionary<string, object> { { "who", new object() } }));
            Assert.IsNull(MarkerData.Of("door", new Dictionary<string, object> { { "share", float.NaN } }));
            Assert.IsNull(MarkerData.Of("", null));
            Assert.IsNull(MarkerData.Of(new string('x', 300), null));
            Assert.AreEqual(0, MarkerData.Of("door", null).Count);
        }

        [Test]
        public void EveryTypeIsSentOrNamed()
        {
            var sent = new object[]
            {
                null, true, "text", 'x', Door.Shut, Guid.Empty, new DateTime(2026, 1, 2), new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero),
                TimeSpan.FromSeconds(1.5), (byte)1, (sbyte)-1, (short)-2, (ushort)2, -3, 3u, long.MinValue, (ulong)long.MaxValue,
                0.5f, 0.25, 0.125m, new Vector2(1, 2), new Vector3(1, 2, 3), new Vector4(1, 2, 3, 4), new Vector2Int(1, 2),
                new Vector3Int(1, 2, 3), Quaternion.identity, new Color(1, 0, 0), new Color32(255, 0, 0, 255), new Rect(1, 2, 3, 4),
                new[] { 1, 2 }, new List<float> { 0.5f }, new HashSet<string> { "a" }, new byte[] { 1, 255 },
                new Dictionary<int, Vector3> { { 1, Vector3.one } }, new object[] { 1, new[] { Vector2.one } }, (int?)4,
            };
            foreach (object value in sent)
            {
                Dictionary<string, object> plain = MarkerData.Of("door", With(value));
                Assert.IsNotNull(plain, (value ?? "null").ToString());
                byte[] bytes = new MsgpackWriter().WriteMap(plain);
                Assert.AreEqual(2, new MsgpackReader(bytes, 0, bytes.Length).ReadMap().Count, (value ?? "null").ToString());
            }
            foreach (object value in new object[] { new object(), new GameObject("one").transform, (Action)EveryTypeIsSentOrNamed, typeof(int), ulong.MaxValue })
                Assert.IsNull(MarkerData.Of("door", With(value)), value.ToString());
        }

        [Test]
        public void NumbersThatAreNoneAreRefused()
        {
            foreach (object none in new object[] { float.NaN, double.PositiveInfinity, new Vector2(0, float.NaN), new Vector4(0, 0, 0, float.NegativeInfinity),
                new Color(float.NaN, 0, 0), new[] { 1f, float.NaN }, new[] { new Vector3(float.NaN, 0, 0) } })
                Assert.IsNull(MarkerData.Of("door", With(none)), none.ToString());
        }

        [Test]
        public void WhatASidecarWouldNotReadIsRefused()
        {
            var ring = new Dictionary<string, object>();
            ring["again"] = ring;
            var deep = new Dictionary<string, object>();
            for (int level = 0; level < 8; level++) deep = new Dictionary<string, object> { { "in", deep } };
            var large = new List<string>();
            for (int part = 0; part < 40; part++) large.Add(new string('x', 2000));
            var same = new Dictionary<object, int> { { 1, 1 }, { "1", 2 } };
            foreach (object wrong in new object[] { ring, deep, new int[513], new string('x', 8193), large, same,
                new Dictionary<string, object> { { new string('k', 257), 1 } } })
                Assert.IsNull(MarkerData.Of("door", new Dictionary<string, object> { { "it", wrong } }), wrong.GetType().Name);
            Assert.IsNotNull(MarkerData.Of("door", new Dictionary<string, object> { { "it", new string('x', 8192) } }));
        }
    }
}
