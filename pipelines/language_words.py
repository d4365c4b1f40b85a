"""Words that tell Indonesian, Malay, Javanese, Sundanese and English apart, by their weight.

Weight 3: hardly ever in the other language; 2: several times as often; 1: more often; 0.5: it
only leans. A word that several of these languages use alike is in no list; of names and places only
some of the two countries lean. The weights come from comparing published word frequencies
(docs/language.md); the lists were then gone through by hand, for such frequencies know more of film
subtitles than of news.
"""

from __future__ import annotations

from typing import Final


def _weighed(**words: str) -> dict[str, float]:
    return {
        word: weight
        for name, weight in (("strong", 3.0), ("clear", 2.0), ("fair", 1.0), ("lean", 0.5))
        for word in words.get(name, "").split()
    }


SHARED: Final = _weighed(
    strong="""
    adalah akan atau bahawa bahwa belum berkata bukan dalam dan dapat dari daripada dengan dia
    ini itu juga kami karena kata kepada kerana ketika mengatakan menjadi mereka oleh pada
    saya seperti sudah telah tersebut tidak untuk yang
    """,
    fair="""
    ada agar akibat anak anda antara apa atas bagaimana bagi banyak baru bawah begitu bekerja
    beliau berada bernama besar bulan cara datang dekat demikian di dilakukan dua dunia empat
    hal hanya harga hari harus hasil hidup hingga ingin jalan jauh jika jumlah kamu kedua
    keluar kembali kerja ketiga kita lagi lain lalu lebih lima luar mahu maka makan malam mana
    masa masalah masih masuk melalui melihat membawa memberi membuat memiliki meminta
    mempunyai mendapat mengambil mengapa menggunakan menteri menyatakan merupakan mesti minggu
    minum nama namun nanti negara orang pagi panjang para perdana pergi perlu pernah pertama
    petang pihak presiden pula rendah rumah sama sangat satu sebab sebagai sebelum secara
    sedang sehingga sejak selama selepas sementara semua sendiri serta setelah setiap siang
    siapa sini supaya tahun tanpa tempat tentang terhadap termasuk terutama tetapi tiga tinggi
    """,
)
"""Function words that Indonesian and Malay have in common."""

INDONESIAN: Final = _weighed(
    strong="""
    aborsi absen adem administrasi administratif advokasi afiliasi agan agustus ajang akademis
    akademisi akik akreditasi aktivitas aktivitasnya aktual akuisisi akumulasi akun akuntan
    akuntansi akurat alamiah alhasil alokasi alquran amatir ambillah ambisius ampat amplop
    angga anggaran anggrek angkutan antarmuka antisipasi antri antusias apalagi aparat
    aparatur apartemen apbd apbn apik aplikasi aplikasinya areal aspal asuh asumsi asuransi
    ataukah atraksi atribut aturannya babak bagiannya bahwa bakteri balita balkon balok
    bandara bangkrut bantalan bapaknya barangnya bareskrim baterai batubara bawaslu bbm
    beasiswa bebatuan bebernya becak beda bedanya begadang begal bendungan benturan beragam
    berakibat berakting beraktivitas berapapun berbagai berbahan berbasis berbatasan berbeda
    bercak berdandan berdiskusi berdurasi berencana bergantian bergengsi bergulir berhijab
    berinvestasi berisikan berkapasitas berkekuatan berkembangnya berkomentar berkompetisi
    berkonsentrasi berkonsultasi berkontribusi berkualitas berkurangnya berlangganan berlokasi
    berlomba bermunculan bernuansa berobat berolahraga berorientasi berpartisipasi berperilaku
    berpikir berprofesi bersepeda bersikeras bersosialisasi bersumber bertahap bertambahnya
    bertaruh bertema bertingkah bertobat bertuliskan bertumbuh beruntun berurutan bervariasi
    berwenang betah beton biayanya bicarakan bicaranya biner bintan biologis bisa bisbol
    biskuit bisnis bisnisnya bmkg bnpb bobot bocoran bodi brengsek brilian budidaya bugil
    bulannya bumn bupati cagar cakrawala cakupan caleg camat capres cawapres cetusnya cicilan
    cocok cuek daerahnya daftarnya dampak dampaknya danrem daring daunnya daur defisit
    degradasi dekade demokratis deretan desain desainer desember deskripsi detailnya deteksi
    dewata diakibatkan diamati diandalkan diantar diantaranya diare diartikan diawali dibagian
    dibagikan dibantai dibedakan dibidang dibilang diblokir dicek dicoba didaerah didasari
    didefinisikan didesain dideskripsikan didistribusikan didominasi didukung dieksekusi
    dievakuasi digarap dihantam diidentifikasi dijadwalkan dijalani dijuluki dikarenakan
    dikaruniai dikasih dikelola dikembangkan dikhawatirkan dikit diklaim dikombinasikan
    dikonsumsi dikontrol dikota dilansir dilayani dilewati dimodifikasi dimulainya
    dimungkinkan dioperasikan dipaksakan diperankan diperbarui diperhitungkan diperkirakan
    diperpanjang dipertanyakan dipicu dipikir diprediksi diproduksi dipublikasikan direkam
    direkomendasikan direksi direktur diresmikan dirilis dirjen dirusak disadari disapa
    disayangkan disebutnya diselenggarakan diskon distribusi disusul ditambahkan ditampilkan
    ditargetkan ditaruh ditebak ditempati ditransfer dituliskan diunduh diunggah diusung
    divonis dkk doang doktrin dokumentasi dokumenter donasi dosen dosis dpd dpr dprd drastis
    dubes dukungannya edukasi efek efeknya efisiensi ekonomis eksekusi eksistensi eksotis
    ekspansi eksplorasi ekspor ekstensi eksternal elektabilitas emisi emiten enaknya energi
    enteng entitas episentrum eropa esai esensial etik etnis evakuasi eyang fakultas fase
    fasilitas favorit favoritnya fermentasi fiksi fiktif filmnya filosofi finansial finis
    finlandia fisik fisika fisiknya fiskal fitur formulir fotografer fungsional garansi garasi
    gelandang gencar genetika gengsi genteng geografis gerbong gimana glukosa grafis gratis
    gratisan gravitasi grosir grup gubernur gulat guntur gurih hadirnya handuk hektare hemat
    hendaknya hengkang hewan hipertensi historis hitungan hoaks horor humas hunian identitas
    identitasnya ihsg ikuti ilmuwan imbuhnya imigrasi imlek impor indikasi infeksi
    informasinya inggris injeksi inspeksi instalasi instan instansi insting instruksi
    instruktur intens intensitas interpretasi intervensi investasi investigasi irak irigasi
    irisan irit irlandia iseng isolasi jadwal jadwalnya jajan jajanan jaksa jaman jambret
    jamur jangkrik jejaring jelang jelasnya jembatan jenderal jenggot jenuh jepang jok juli
    jumat jurnalistik justru kabarnya kabupaten kadis kado kagak kaget kaidah kakeknya kaleng
    kaligrafi kamarnya kambuh kamis kampanye kampret kamulah kandidat kanker kantor kapan
    kapanpun kapasitas kapolda kapolres kapolri kapolsek karakteristik karakternya karantina
    karena karir karnaval kartika kartu kartunya karyawan kasat kasatreskrim kasir kasus
    kasusnya katadata katun katup keamanannya kebagian kebersamaan kebijakan kebisingan
    kebugaran kebutuhan kecamatan kecanduan kecap kece kecelakaan kecepatan kedelai kedepannya
    kedokteran kegiatannya keilmuan kejadiannya kejaksaan kejiwaan kekaisaran kekinian
    kekurangannya kelanjutan kelelawar kelembagaan keliatan kelola kelompoknya kelurahan
    kemacetan kemarin kemayoran kemenag kemendagri kemenkes kemitraan kendala kendaraan
    kendati kenyamanan kepedulian kepemimpinan kepikiran kepiting kepolisian kepunahan
    keragaman kerahasiaan keramik keren keributan keripik keriput kerupuk kerusakan kesehatan
    kesehatannya kesenjangan keseruan kesiapan kesuksesan ketapang ketenagakerjaan
    keterbatasan keterlibatan ketersediaan ketimbang ketombe ketum keuangan khawatir kilahnya
    kinerja kios kiper kisaran kisi klaim klarifikasi klasemen klinis klub kodim kokoh
    kolektor kolom kolonial komandan komedian komentator komisaris komisi komoditas komodo
    kompensasi kompetensi kompetisi kompor komunitas kondisinya kondusif koneksi konfirmasi
    konsekuensinya konseling konser konsolidasi konstan konstruksi konsumen konsumsi konten
    kontol kontras kontribusi konveksi konversi koramil koreksi korporasi korupsi kosakata kpk
    kpu kreasi kreativitas kroasia kronis ktp kualifikasi kualitas kuantitas kuartal kubus
    kudeta kuliahnya kulon kultur kunjung kurir laga lainya lanjutnya lansia lantaran lapak
    lawang legislatif lelang lele lembang lembek lembur lengket letnan libur limbah lingkar
    lingkungannya lini lisensi listrik logis lokal lomba lonceng longsor lowongan loyalitas
    lurah luring mabes magnitudo mahasiswa makalah maksimal manajemen manajer mancanegara
    mancur manufaktur manusiawi maret marmer maroko maskapai matematika materi maunya maupun
    mayoritas mbak medsos meksiko melambat melampiaskan melansir melek melestarikan
    melewatinya melirik memainkannya memamerkan memandangi memanfaatkannya memasarkan memasok
    membagikan membebani memberitakan memblokir membujuk membuktikannya membutuhkan
    membutuhkannya memengaruhi memerankan memfasilitasi memimpikan memotivasi memotret
    memperbaikinya memperbanyak memperbarui memperbolehkan memperhitungkan memperkirakan
    memperlambat mempermudah memprediksi memproduksi mempublikasikan memulainya memunculkan
    memutihkan memutus menafsirkan menag menargetkan menata mencakup mencantumkan mencegahnya
    mencicipi mencoba mencobanya mencolok mendagri mendasar mendesain mendeteksi mendikbud
    mending mendiskusikan mendistribusikan mendukungnya mendunia menebak menelepon menelpon
    menemukannya menertawakan menetes mengantar mengantisipasi mengartikan mengawali mengecek
    mengeksekusi mengekspresikan mengeluhkan mengemban mengenalnya mengerjakannya mengetik
    mengevakuasi mengevaluasi menggandeng mengguncang menghemat mengindikasikan menginfeksi
    mengingatnya menginginkannya mengkonsumsi mengobrol mengomentari mengonsumsi
    mengoperasikan mengunggah mengungsi menguraikan menguras menhub menipis menit menkes
    menkeu menko menlu menpora mensos menstruasi mentransfer menumpuk menunjang menuntun
    menurutnya menyadari menyakitinya menyandang menyebalkan menyelenggarakan menyikapi
    menyisakan menyoroti meramaikan merambah merasakannya meraup meredam merek merekam
    merekomendasikan merepotkan meresmikan merilis merinding merintis merumuskan mesinnya
    mestinya metode migas miliar miliaran militer minggunya minim minimarket minoritas mistis
    mobil mobilnya modifikasi moneter moskow mpr mudik muktamar mulailah mulus musik musiman
    musisi napi narapidana narasi narator narkoba nasabah negosiasi nekat netizen netral
    nirkabel niscaya nkri nomor notaris nyai nyaman obatan obatnya obesitas obrolan observasi
    ojek oknum olahan olahraga oli olimpiade omongan ongkos opini oposisi opsi orde orgasme
    ormas ornamen otomatis otomotif otonomi otoritas pabrik paketnya palestina pamit panca
    pandemi pangan pangdam panutan paparnya paripurna pariwisata parkiran parpol partai
    partisipasi pasien paslon pasokan paspor pebalap pebisnis pecandu pecel pekarangan
    pelangsing pelecehan pelit pemadam pemalang pemanfaatan pemasok pembagian pembajakan
    pembalap pembaruan pembatas pemberitaan pembuatannya pembuktian pembunuhan pemesanan
    pemilu pemirsa pemkab pemkot pemprov pemrograman pemutih penafsiran penambangan
    penampungan penandatanganan penanganan penanggulangan penasaran penasehat pencak
    pencitraan pencurian pendaftar penderita pendukung pendukungnya peneliti penelitian
    penelitiannya penembakan pengajuan pengecekan pengemudi pengen pengerjaan penghancur
    penghitungan pengingat pengintai pengobatan pengolahan pengrajin penikmat peninggi pensiun
    pensiunan penunjang penyajian penyaluran penyangga pepaya pepohonan peraih perampok
    perampokan perangkat perannya perbaikan perbedaan perbedaannya perbuat percepatan
    percobaan perencanaan peresmian performa perhelatan perih periklanan perkantoran
    perkebunan perkotaan perkuliahan perlombaan permanen pernapasan perorangan perpajakan
    perselingkuhan persen persentase persero pertambangan pertemanan perundang perusahaan
    perusahaannya perusak pesannya pesantren pestisida petahana petenis peternak petisi pidana
    pikiran pilek pilgub pilkada pilpres pinus piramida pleno pns poin polda polisi polres
    polri polsek ponsel popok popularitas populer pori poros porsi postingan potensial
    prajurit praktik praktisi prancis prasasti prediksi presentasi pribadi pribadinya
    prioritas privat produksi produksinya produktivitas produsen proporsional prosesor
    prostitusi prototipe provinsi proyek proyeksi psikolog publikasi pulsa pundak pungkasnya
    puskesmas putusan rahasianya rampung ransel realisasi realistis realita realitas redaksi
    referensi registrasi regulasi reguler rekam rekaman rekannya rekayasa rekening reklamasi
    rekomendasi rekor relasi religi religius renovasi representasi reproduksi reruntuhan resi
    resiko resikonya resmi resor rewel rias rilis riset ritel ritme ronde rontok rotasi ruas
    rudal ruko rumahan rumahsakit rupiah rusak sabang sabu sadarlah saking saldo sambungnya
    sarana sastra satgas satpam satwa saus sbb sebagian sebatas sebisa sebutnya secepatnya
    sederajat seenaknya segini seharga sehat sejatinya sejenisnya sekarat sekda sekjen
    sekolahan sekte selai seleksi selembar selengkapnya selisih seluler semacamnya sembari
    semester semisal semu seneng senin sepakbola sepatu sepeda sepihak sersan sertifikasi
    sertifikat sesegera sesuatunya setelan setidaknya seusai seutuhnya siklus silaturahmi
    simak sinetron singkatnya singkong sintetis sinyalnya sirkuit sirkulasi sistematis
    situasinya situs skripsi skuat solidaritas solusi solusinya sopir sosis sosok spanduk
    spanyol spasi spbu spesialis stabilitas standar stasiun statis stempel striker struktural
    substansi subyek sumbar sungguhan suplai suporter suriah swasembada swedia tabel tabrak
    tadinya taktis talenta tambahnya tandasnya tarif taruh taruhannya tatanan tautan tebak
    tega tegangan teknisi telak telepon televisi temperatur tenar terangnya terbentuknya
    terdakwa terdeteksi terendah terfavorit tergabung terhambat terinfeksi terintegrasi
    terjangkau terkait terkirim terlengkap termurah terobosan terorganisir terpercaya
    terpisahkan terpopuler terpuruk tersadar tersangka tersangkanya terselesaikan terserang
    tertuju tetua tewasnya tgl tikungan tilang timnas timnya tiongkok tipe tki togel toko
    tomat transisi transparan transportasi triliun triwulan tropis trotoar truk tuban tukasnya
    tunjangan turnamen tuturnya ucapnya ujungnya ukraina umkm umroh unduh unggahan unggas
    unggulan ungkap ungkapnya universitas unjuk urainya usai ustadz utang variabel varietas
    ventilasi verifikasi waduk wakapolri waketum walikota wapres waralaba warganet wewenang
    wib wijaya wisata wisatawan wisnu wisuda wita wni yaitu yordania
    """,
    clear="""
    acak aja akankah aktifkan akting aktris akut alasannya aliansi alun ambisi ampuh analis
    andalan aneka antar apel apresiasi argumen arsip arsitek arsitektur arti artinya asisten
    asosiasi atmosfer aula balap balapan banget bareng barusan bebek belahan belgia bensin
    berarti berawal berbagi berbisnis berdampak berfokus bergairah berhasil berkah berkas
    berkeliling berkendara berkolaborasi berlanjut bermanfaat bernapas berperan berpikiran
    bersangkutan bertepatan berujung berukuran berupa biaya bikin bilang bioskop bisakah
    bukankah bumbu buruknya bus cabai capek celana cewek coba cobalah cokelat cowok cuman deh
    deklarasi delapan departemen depresi derajat detak diakses diakui diamankan dibagi dibahas
    dibanding dibangun dibatasi diberlakukan dibutuhkan didampingi didapat didapatkan
    didasarkan didirikan dihadiri dihapus dikabarkan dikenal dikirim dikonfirmasi dikurangi
    dikutip diluncurkan dimaksud dimenangkan dimulai dinamis dinas dinosaurus dipahami
    diperbolehkan dipikirkan diragukan dirasa direktorat direncanakan disajikan disebutkan
    disepakati disesuaikan diskusi distrik ditandai diterapkan divisi dominasi dong dukungan
    durasi ekstra elo emang enggak evaluasi filsafat fraksi gairah gak galau gampang ganteng
    gatot gini gitu gizi gua gue gugatan habisnya hambatan handphone helm heran hindari hiu
    identik ilmiah ilustrasi imbalan imbang implementasi independen informasi informatika
    inspektur intelijen internasional intinya istri istrinya jago jalannya januari jatah
    jawaban jawabannya jemaat jenjang jilbab jombang jurnalis kabar kakek kalimat kalo kalsium
    kantong kantornya kaos karakter karenanya karet karyanya kasur kayak kayaknya keberadaan
    keberhasilan kegiatan kekhawatiran kelelahan kelompok kemauan kepresidenan kepribadian
    kepulauan kerajinan kerjakan kesadaran ketahui keterampilan ketik kewenangan khususnya
    kiai koalisi kode koin kolaborasi komentar komposisi konferensi konsekuensi konsentrasi
    konsultasi kontak konteks kontes kontrol koordinasi koran korbannya kue kuliner kulkas
    kuncinya kunjungi kurangi kursi kuta laba laboratorium lainnya layaknya layanan legendaris
    leluhur lemari lengkapnya lewati lezat lho liburan lingkungan logika lolos lunak mahasiswi
    mampir mandiri masker massa massal mbah medali medis melacak melaju melanjutkan
    meluncurkan membagi membahas membangun membatasi membedakan memberitahukan membuatnya
    memenangkan memicu mempercepat memperluas memperpanjang mempertanyakan mempertemukan
    mempesona memulai memungkinkan memutar menabrak menampilkan menanggapi menangkan menatap
    mencetak mendapatkannya mendukung menembus menempati menempel menerapkan mengacu
    mengantarkan mengatasinya mengecam mengelola mengendarai menggambar menghambat
    mengharuskan mengidentifikasi menginginkan mengirim mengirimkan mengklaim mengobati
    mengontrol mengungkapkan mengurangi mengutuk menikah meningkatnya menyangkut menyenangkan
    menyerukan merusak meski meyakini milisi militan misal misalnya mitra musiknya nantinya
    napas nasehat naskah ngga nggak nih nol nuklir nutrisi nyatanya nyeri obligasi operasional
    orangtua organisme pahami pajak pake paket panen parfum patroli pedesaan pekan pelaksana
    pelatih pelatihan pelayanan peluncuran pemainnya pembahasan pembantaian pemberantasan
    pemberdayaan pembicara pembicaraan pembuatan pemukim pemungutan penambahan pendiri
    penerjemah pengamanan pengamat pengamatan pengangkatan pengelolaan pengembang pengembangan
    pengendara pengiriman pengujian pengukuran pengungsi penyidik peran perawat perawatan
    perduli perekonomian pergantian perguruan perilaku periode perlengkapan permen pernahkah
    perpanjangan pers persik persyaratan pertanyaannya peternakan pikirannya pipa pokoknya
    politisi polos pompa praktek pramuka profesi properti psikologis publik pupuk putrinya
    rasio rencananya rentang repot resep resolusi revisi rezim rumahnya rute sadar sadari
    salat sandera sandi sanksi santri saran satuan sebaiknya sebesar sebutkan sedikitnya
    seharusnya sehubungan sejalan sejumlah sekedar sekretaris semifinal senam senapan sendok
    senilai sentra senyawa sepele sepertinya seputar serangan serangkaian seru setara
    setelahnya setempat siaga sih simpel sinyal sipil sisanya siswa siswi skenario soalnya
    sosialisasi spesial spesifikasi stadion strategis studi sukses sulitnya survei syuting
    tabungan tagihan tahapan taksi tama tampak tampaknya tampilan tantangan tas teknis telat
    telpon temuan tepatnya terbuat tercantum tercepat terdaftar terdepan terdiri tergantung
    terhubung terinspirasi terjadi terjadinya terkadang terlihat teror teroris terowongan
    terwujud tes tokoh tombol trik turis turunan uap udah ujarnya ujung ulah usulan varian
    variasi vertikal wabah wahana wasit yakni zionis zona
    """,
    fair="""
    acara acaranya adanya adapun adonan adu agen akrab aksen aktor akupun alami alergi
    alhamdulillah alis alkitab alur aneh anehnya anggotanya anggun angka animasi antrian
    apakah apapun asi asin aslinya aspek astra atap aturan awalnya awet bagian bagikan bahas
    bahkan bajak bajunya bakalan bakso baku balon bambu banding bandingkan banjar banyaknya
    bapak basa bawaan begitulah begitupun belakangan belanda bening beradaptasi berangkat
    beranjak berantakan berbentuk berburu bercanda berdampingan berdasar beres berfoto
    berganti berhubungan berikut berinteraksi berisi berisik beristirahat berjalannya berjarak
    berjudul berkala berkarya berkat berkisar berlaga berlangsung berlebih berlibur bernyanyi
    berpengaruh berprestasi bersamaan bersantai berstatus bertanggung berteriak bibirnya bibit
    bidan bijaksana bingung bocah bokong bolak bosan brasil bubar bubuk budaya buruh butuh
    butuhkan cabang cabe cairan candi cangkir caranya catatan cerdas cobaan dalem danau
    datanya datar dekatnya depannya deputi desa detik diajak diajarkan diajukan diakhiri
    diangkat dibaca dibalik dibandingkan dicatat dicetak diciptakan didalamnya diduga
    dihasilkan dihilangkan dihindari dihitung diikuti diingat diinginkan diizinkan dijamin
    dikerjakan dikirimkan dikunjungi dilaksanakan dilalui dilanjutkan dilengkapi dilepas
    dimainkan dimana dimanapun dimanfaatkan dimasa dimengerti dinamika dini dinikmati dinilai
    dinyatakan dipakai dipasarkan dipastikan dipengaruhi dipercaya dipergunakan diperkuat
    dipertahankan dipesan dipimpin diputar diraih dirasakan dirinya disaat disebut disengaja
    disertai disetujui disini disusun ditanyakan ditempuh ditemukan ditengah ditingkatkan
    ditunggu diungkapkan diusulkan diyakini dokter domba domestik dramatis dugaan dukun dusun
    efektif efisien egois eks elang emosional fantastis februari figur film foto fotografi
    fotonya gabung gading gagasan gaib gambarnya gantinya gawang gede gelar genggam geser
    ginjal gugup halnya hama harganya harmonis harus haruskah harusnya heboh hektar hias hijab
    hitung hukum ide identifikasi ilegal imajinasi indeks indikator inovasi insinyur instrumen
    insya inti isinya istirahat iya jabar jabatannya jagoan jajaran jaket jas jatuhnya
    jawabnya jeda jelek jendela judul judulnya jumlah juni kabur kacamata kaisar kalender
    kamar kamp kamu kangen karunia karya kas katalog kategori kawat kawin keahlian keanggotaan
    keberadaannya keberangkatan keberuntungan kebiasaan kebingungan kecurangan keduanya
    kehamilan kejauhan kelamin kelautan kelenjar keluhan kemampuan kemanapun kencan kendali
    kenikmatan keponakan keringat kerjaan kerusuhan kesaksian kesal kesamaan kesempatan
    kesepakatan kesini kesulitan ketahuan ketemu ketentuan ketiganya kewajiban khusus
    klasifikasi klien klik kok koki komisioner komite kompak komponen konservasi konsultan
    kontra konvensi konvensional konyol koordinator koper korban kotoran kriminal kristus
    kriteria kritik kritis kuburan kudu kuliah kumis kunjungan kuota kurban kurikulum kurun
    lahan laki lambung landas langganan langka langsing lanjut lanjutan lantai lantas latar
    lazim lebaran lelah lem lembaga lembar lensa lewat loh lombok luas lucu lulusan macan
    macet magang majelis makanannya makanya manapun mantan marinir masehi masturbasi masuknya
    masyarakatnya mau mekanisme melakukannya melayani meledak melelahkan melemah melempar
    melengkapi melepas melewati melewatkan meliputi memaksakan membaik membelinya membencinya
    memesan memiliki memperhatikan memperingatkan memperkuat memperlakukan memperlihatkan
    memperoleh mempersiapkan mempromosikan menabung menaklukkan menambahkan menandai menantang
    menanyakan mencatat mencintainya menciptakan mendampingi mendatang mendatangi mendengarnya
    mendirikan mendominasi menduga menegaskan menemukan menerus menewaskan mengadopsi
    mengajari mengajukan mengalaminya mengamankan mengamati mengandalkan mengatakannya
    mengembangkan mengganti menggelar menghadirkan menghapus menghibur menghindari menghitung
    menghubungi mengingat menginjak menginspirasi mengkhawatirkan mengkonfirmasi mengundurkan
    mengungkap mengunjungi mengusulkan mengusung menikahi menikmatinya menjabat menjalin
    menuliskan menunda menutupi menyajikan menyapa menyarankan menyatu menyebar menyebutkan
    menyebutnya menyelidiki menyembuhkan menyia menyimpulkan menyukainya merencanakan
    merindukan merubah mesjid mesum metabolisme miliki miring mirip misterius modus momen mual
    mui munculnya mungil mungkinkah murah murni musyawarah nasional ngapain niatnya noda
    nomornya nuansa nusa nusantara nyali obat oke oktober optimis organisasi pacu padanya
    paduan pahala paman pangeran panitia panti parkir parlemen paruh pasangannya pasar paskah
    pastinya pecinta pedagang pedoman peduli pegunungan pekalongan pekerjaannya pelaku
    pemakaman pemasaran pemasukan pembangkit pembatasan pemeliharaan pemenangnya pemeran
    pemerintahan pemilih pemula penampilannya penanaman penataan penawaran pencernaan
    pendamping pendekatan pendidikan pendingin penegakan penentuan penerapan penerimaan
    penetapan pengabdian pengadaan pengadilan pengantar pengaturan pengelola pengendalian
    penggemar penggunaan penggunaannya penggunanya penghasil penghasilan penguatan pengusaha
    peningkatan penulisan penurunan penyedia penyelenggara penyelenggaraan penyusunan
    perbandingan perhitungan perihal perikanan perkawinan perkemahan perkembangan perkiraan
    perkumpulan perluasan permasalahan pernikahan pernikahannya pernyataan pertanda pertanian
    pertanyaan pertumbuhan perwakilan pesat pesona petinggi petualangan petugas pidato pilar
    pingsan pohon politikus polusi populasi posisi posisinya praktis prestasi pria produser
    prosesnya putra putranya putri raden raga rahasia raih rajin rambu ranah ranjang ras rawa
    rehabilitasi relatif rentan resimen reuni ruangan rumus saat saatnya sabuk saja salju
    santai sapi sayangnya sebanding sedekah segera seiring sekaligus sekelompok sekolahnya
    sekunder sela selingkuh seluruhnya semenjak sempat senantiasa sengketa seniman seorangpun
    serasa serat serikat sholat sialan siapapun sidik sinopsis sketsa sok statusnya stres
    sulit sumur surga suster susunan sutra sutradara tahunnya tampil tamu tangannya tante
    taruhan tatap tatapan tato tayang tegal temannya tempuh tenda tentara tentunya terbagi
    terbaru terbatas terbentuk terbiasa tercatat terduga terhindar terhitung teriak terisi
    terkecil terkendali terkesan terlahir terlanjur terlupakan ternak ternama ternyata
    terorisme terpasang tersedia tersisa tertawa terulang tetangga tewas tiap tik tingginya
    tinta tipis tradisional tren tuanya tubuhnya tulisannya tulus tuntas tur tutur uang
    uangnya ukuran ukurannya umumnya unik unsur upaya utamanya versi voli wadah wajahnya wali
    warganya wawancara wortel zat
    """,
    lean="""
    aceh agar anggota april bagus bali bandung benar berkunjung biasanya cara cukup cuma
    daftar dilakukan dimiliki dolar drone dulu enak gedung gol hasil hingga indonesia ingin
    jakarta jasa jawa juara kalau kalimantan kecewa kondisi konsep konsisten layak lokasi
    lumayan makassar masyarakat melakukan meminta mendorong mengakibatkan merasa meskipun
    mewujudkan motor mulai namun pakai pakar papua para pemain pembangunan pembelajaran
    pemerintah pemilihan penampilan penjualan penulis penyanyi personel pesawat pihaknya
    presiden proses republik sampai sangat sebelumnya sebuah sedang sedangkan segmen sekitar
    selanjutnya seluruh semarang sementara serta setelah sudah sulawesi sumatera surabaya
    tanaman tanggal tapi teman tenggara tentang tersebut terutama umum waktu warga yogyakarta
    """,
)
"""Words that speak for Indonesian against Malay."""

MALAY: Final = _weighed(
    strong="""
    adib agensi aidiladha aidilfitri ais aiskrim akaun akauntan akhbar aktiviti alaf alahan
    alatan allahyarham almari altitud amali amaran amatur anakanda andaian angkasawan anjung
    ansur antarabangsa apahal apartmen apek arahannya arkib arkitek arnab asasnya asid askar
    atmosfera automatik awak awaklah awani awek ayuh azim azimat azizan babai bagilah bahagi
    bahagian bahagiannya bahagikan bahang baharu bahawa baiki bajet bakinya bakteria balang
    baldi baligh bandaraya banduan bangang banglo bapanya barah barangan barbeku baring
    basikal bawak bebola beca belacan belanjawan belasah belayar belia bendahari bera beradik
    berahsia berambus beransur berarak berasas berasaskan berasingan berasmara beratur berazam
    berbaloi berbasikal berbekalkan berbeza berbilang berborak bercadang bercakap bercanggah
    bercuti berdaftar berdendam berdengkur berdepan berehat berek bererti bereskan bergaduh
    berganding bergegar bergurau berhad berhajat berhampiran berhentikan berhijrah berhujah
    beribadat berikutan berjangkit berjemaah berkahwin berkawan berkebolehan berkecai
    berkekalan berkelah berkempen berkhemah berkhidmat berkilat berkongsi berkualiti
    berkuatkuasa berkumpulan berkurangan berlakon berlanggar berlanjutan berlarutan berlawan
    berleluasa berlepas berlumba bermaruah bermesyuarat bermulalah bermulanya bernam bernas
    berniaga bernikah beromen berpakat berpandu berpandukan berpanjangan berparti berpasukan
    berpecah berpeluh berpeluk berperangai berpuas berpunca berpusing bersaiz bersara bersebab
    bersembang bersemuka bersenam bersendirian berseorangan bersepadu bersepah berseronok
    bersesuaian bersetuju bersiar bersiaran bersidang bersiri bersolat bersosial bertaburan
    bertanyakan bertarikh bertembung bertenang berterusan bertudung bertulis bertumbuk
    bertunang beruk berundur berus berwaspada besbol bestari betik betullah beza bezanya bhd
    biadap biasiswa bijirin bilik biliknya bilion bilis bimbit bincangkan biri birit biskut
    bisnes bolasepak bolehnya bomba bomoh bonda bonet bongkok bongsu borak brek buaian bual
    bucu budu bumbung bumiputera bunian buntar burukkan butang cabar cabaran cabutan caj cakap
    cakaplah cakera calar cangkuk canselor carian carta caruman cawangan cebisan cecair cekap
    cekik celik cempedak cenderamata cengkaman cengkih cergas cetek cik cikgu cili cirit cogan
    comelnya cuai cuba cubaan cubalah cucuk dagangan dail dakwa dakwat dalaman darab darjah
    darjat datin datuknya daulat dbkl defendan degil dekad denggi denyutan derhaka deria dialu
    diarah diari dibahagian dibaiki dibelasah dibentangkan diberkas dibincangkan dibuli
    dicabar dicipta dicuba didedahkan dielakkan difahami difahamkan difailkan difikirkan
    digalakkan digugurkan diguna digunapakai dihalang dihantar diiktiraf diingati diingini
    dijadualkan dijangka dijangkakan dijangkiti dijel dikawasan dikebumikan dikemaskini
    dikenalpasti diketepikan dikongsi dikuatkuasakan dikumpul dikurangkan dikurniakan dilabel
    dilayan diletupkan dilucutkan diluluskan dimaklumkan dimansuhkan dimuatkan dimulakan
    dinafikan dinasihatkan dipadam dipengerusikan diperkatakan diperluaskan diperolehi
    dipersetujui dipertanggungjawabkan dipinda dipujuk dirahsiakan diraikan diraja dirakam
    dirasai dirasmikan direka direkodkan direman dirogol dirosakkan disabitkan disebalik
    disedari disekat diseksa disemadikan disemak disember disenaraikan disengajakan disiasat
    diskaun disoal disyaki ditaja ditamatkan ditempah diterjemah ditewaskan ditubuhkan
    diubahsuai diubati diupah diuruskan divisyen dobi dokumentari dram dramatik ehwal ejen
    ejensi ekar ekoran eksesais eksport elak elaun elektromagnet eloklah emel empangan empayar
    encik enjin entiti epal episod eropah erti ertinya eskalator estet faedahnya faham fail
    failkan faks fakulti fasal fasiliti fesyen fikirannya fikirlah fiksyen filem filemnya fius
    fizik fizikal gabenor gah galas gamba gambang gangsa ganjarannya garaj garisan gegaran
    gelabah gelung gembiranya gempak gempur gengster gerabak gergasi gerila ghani gimnasium
    graduan graviti gred gunalah guni hab haba habuk hadapan hairan hairanlah haiwan hajah
    hala halaju halau halimunan hampiri hantar hantaran harapnya harijadi hartanah harungi
    helah helaian helang hendap hentam hentaman hentian heret hidu hidupan hinggalah hospital
    hospitalnya hudud hujah hujung hujungnya hulur huma iaitu ibubapa identiti identitinya
    ikram imaginasi imbasan imej imigresen impak inggeris injap insaf inspektor insurans
    integriti ipta iringi isnin isteri isterinya itali itam izzah jadikannya jadual jagaan
    jaguh jais jakim jalil jambak jambatan jana janakuasa jangkaan jangkitan jantina jawapan
    jawapannya jawatankuasa jawi jayanya jed jejaka jelah jenama jenayah jeneral jenguk
    jentera jepun jerantut jerebu jersi jerung jeti jiran jisim johari julai julat julung
    jumaat jurugambar jurulatih jururawat juruteknik jurutera juruterbang justeru kaabah kabus
    kacir kadi kaedah kahwin kakitangan kalaulah kalendar kalimah kalis kanak kangsar kanser
    kanta kanun kapasiti karnival kastam kasturi kasut katil kaunseling kaunselor kaunter
    kawad kawal kawalan kayuh keampunan kebanyakannya kebanyakkan kebarangkalian kebas
    kebelakangan kebimbangan kebolehan kebuluran kecederaan kecoh kecuaian kecurian kedekut
    kefahaman keganasan kegemilangan keghairahan kehadapan kehormat keizinan kejap kejiranan
    kejohanan kejuruteraan kekacang kekadang kekalkan kekecohan kekok kekunci kelab kelajuan
    kelakarlah kelakarnya kelana kelawar keldai keledar kelibat keluasan keluli kem
    kemahkotaan kemahuan kemalangan kemaskini kemasyhuran kembara kementeriannya kempen
    kemudiannya kemuncak kemurungan kemusnahan kenalah kenapalah kenderaan kenduri kepak
    kepakaran kepantasan kepelbagaian keperitan kepimpinan kepong kepupusan kerana keranda
    kerani kerat kerepek keretapi kerjaya keroh keropok kerosakan kerusi kes kesat kesedaran
    kesejukan keseksaan keselesaan kesemua keseorangan keseronokan kesesakan kesian kesiannya
    kesihatan kesilapan kesudahan kesyukuran ketagih ketam ketara ketelusan ketenteraan
    ketenteraman ketepi ketepikan ketibaan ketuhar ketulan keupayaan keusahawanan kewajipan
    kewangan kewarasan kewujudan kewujudannya khabar khai khamis khemah khianat khuatir kicap
    kilauan kiraan kisahlah kitar kitaran kiub kod kolar kolej komander komanwel komited
    kompaun kompeni komuniti konco kondo kongsi konkrit konsert konstabel kontena kontinjen
    konvensyen koperal kos kraftangan kren krew krismas kritikal kualiti kuang kuantiti kuar
    kuarantin kuari kudat kuih kuiz kulai kulat kumbahan kumpulannya kuntum kwsp labah lafaz
    lagenda lagilah lagipun lakaran lakonan lakukannya lali laluan laluannya langsat langsir
    lantaklah lantikan lanun larat larian lasak lawat layan layari lazat lebai lebuh lebuhraya
    ledang leftenan legasi leka lelongan lembik lepa lepak lepasan lesen letupan lif lilit
    limah lipas lipis litar loceng loghat logik lohong loji lokap lombong longkang lori loteri
    loya lupakannya luruh maahad mahligai mahukan mahupun majistret majlis majoriti makcik
    makluman maklumat maklumkan makmal maktab malaya malim malukan manalah mantera marikh
    markah marsyal maruah marxisme masakkan matapelajaran matematik matlamat matlamatnya
    matrikulasi megat mejar mekanikal melabur melakar melambatkan melampau melancap melangkaui
    melayan melayari melengkapkan melepak melepasi meletak meletup meletupkan melontar
    meluahkan melukakan memadam memaklumkan memansuhkan membabitkan membahagikan membaiki
    membaling membazir membebel membekalkan membelok membezakan membiak membimbangkan
    membincangkan memburukkan memecut memenanginya memerangkap memerhati memfailkan meminda
    memintas mempengerusikan mempercepatkan memperlahankan memperolehi memperuntukkan
    memuatkan memujuk memulakan menaja menakluk menakluki menangi mencabar mencecah
    mencederakan mencelah menceroboh mencipta mencuba mendedahkan menderma mendermakan
    mendiang menegak menelefon menembusi menempah meneroka mengacau mengadap mengahwini
    mengalih mengalu mengandungi mengarut mengata mengawan mengejut mengekori mengelakkan
    mengelirukan mengemaskini mengenalpasti mengesan mengesyaki mengesyorkan mengetepikan
    mengetuai menggeletar menggesa menghala menghalang menghalangnya menghantar menghantarnya
    mengharungi menghentam menghiburkan menghidap menghulurkan mengiktiraf mengikut mengimbas
    mengisytiharkan mengkagumkan mengorat menguatkuasakan mengubati mengugut mengumpul
    mengundi mengupah mengurangkan mengurniakan menguruskan menjana menjangka menjangkakan
    menjangkiti menjaringkan menjayakan menjejak menjejaki menjimatkan menjunam mensasarkan
    mentol menubuhkan menukarnya menumpaskan menumpukan menyampuk menyasarkan menyebelahi
    menyedari menyedarkan menyekat menyeksa menyelamat menyelia menyelidik menyelubungi
    menyemak menyenaraikan menyeronokkan menyiasat menyibuk menyoal meragui meragut merahmati
    merahsiakan meraikan merakam merakamkan merapatkan merasai merasmikan merayau merbahaya
    mercun merempuh merentasi mereput merindu merindui merisaukan merompak meronda merosak
    merosakkan mertajam merungut mesej mesingan mestilah mesyuarat minda minit mintak misai
    moden mohor molek motosikal muafakat muflis muhd mukah mukim munasabah muncung muzik
    muziknya muzium mykad nahu naskhah nawab nazak nazim nenas ngah nombor notis nuklear nyah
    oat obesiti oder ogos olimpik organisma pabila paderi paip paka pakcik pakej palam palau
    palestin pampasan pancut pancutan pangsapuri paralimpik parlimen parti pasaraya pasport
    pasu pasukannya patik patutlah patutnya paun pautan pawagam paya payahlah pecut pecutan
    peguam peguamnya pejal pejam pekak pekara pekebun pelabur pelaburan pelajarnya pelakon
    pelancaran pelancongan pelantar pelawat pelayar pelbagai pelekat pelik peliknya pelombong
    pelumba pemacu pemaju pemanduan pemangkin pemansuhan pembabitan pembaikan pembangkang
    pembekal pembentangan pemberita pembetulan pemburuan pemergian pemerhatian peminat pemuzik
    penaja penamat penambahbaikan penapis penawarnya pencarum pencen pencerita penceroboh
    pencerobohan pendakwa pendakwaan pendakwah pendakwaraya pendam pendang pendedahan penderma
    peneman peneroka pengadil pengakap pengakhiran penganalisis pengapit pengasas pengebumian
    pengecaman pengedaran pengekstrakan pengeluar pengembaraan pengenalan pengerusi pengesan
    pengesanan pengetua pengganas penggodam penghantaran penghujungnya pengiktirafan pengimbas
    pengintip pengintipan pengiraan pengkalan penglibatan pengsan penguatkuasa penguatkuasaan
    pengubahsuaian pengudaraan pengulas pengundi peniaga peninjau peninju penjana penjaring
    penjawat penjejak penjelmaan penjenayah penolongnya pensel pensyarah pentadbiran
    penterjemah pentingkan penubuhan penuhkan penumbuk penyamun penyandang penyapu penyata
    penyeksaan penyelia penyeludupan penyenaraian penyepit penyiasat penyiasatan penyokong
    peperiksaan pepijat peraduan perajurit perakam perakaunan peramah perancis perangkaan
    perarakan perasmian peratus peratusan perbahasan perbarisan perbezaan perbezaannya
    perbicaraan perbualan percubaan percutian pereka pergaduhan pergelutan pergunungan
    perhambaan perhati perhimpunan peribadi peribadinya perigi perisa perisian perisik
    perisikan perkahwinan perkahwinannya perkarangan perkauman perkeso perkhemahan
    perkhidmatan perkongsian perkuburan perlancaran perlantikan perlawanan perlembagaan
    perlombongan perlulah perlumbaan permaidani permudahkan permulaannya perniagaan peronda
    perosak persaraan persefahaman persekitaran persekolahan persempadanan persendirian
    persidangan persisiran personaliti pertabalan pertalian pertembungan pertuan pertubuhan
    perubatan perunding perwatakan pesakit pesalah pesara pesuruhjaya petanda petisyen petua
    pijak pilihanraya pindaan pingat pingatnya pinggan pintasan pitam piza platun plaza
    plumbum poket pondan ponteng praktikal prebet prototaip puak puaka publisiti pujuk
    pulangan pulut punca puncanya purata pusingan pwtc ragbi rahsia rahsianya rakam rakaman
    rakannya ralat rancak rantaian rasmi rasuk rawak rawang rawatan realiti reben redha rejim
    rekod relau reman rembau rembesan rempit renjer rentak rentas renung reput resepi resipi
    resit reti riadah ringgit rogol rojak rompak rondaan rosak rumahtangga rumpai runcit
    rundingan runtuhan rusuhan sabak sabitan sabotaj sahaja saintifik saintis saiz saiznya
    salji salur samada samak saman sampa samseng sandwic sarjan sarkas sasar sastera saujana
    sawan sayalah seawal sebahagian sebahagiannya sebak sebalik sebarang sebatan sebatian
    sebatu sebegini sebenar sebiji sebilangan secawan sedapnya sedarkan sedarlah sedaya sedut
    sedutan segak sehinggakan sehinggalah seiras sejawat sejurus sekata sekatan sekelip
    sekerja sekiranya seksa seksaan seksyen sekuntum sekurangnya selaju selalunya selari
    selawat selayang selekoh selepas selepasnya selesa selesema selidik selipar seluar seludup
    semakan semasa sembang sembelih sememangnya seminit sempadan sempena semporna semulajadi
    senaman senapang senarai senaraikan senario sentiasa sepah sepakan sepantas sepanyol
    separa sepasukan sepertimana seramai serata serban serian serik serong seronok seronoknya
    sertai sesebuah sesetengah sesiapa sesyen setakat setanding setaraf setiausaha siapalah
    siasatan siddiq sifar sihat sijil sikit silalah silap siling simen simptom sinaran
    sindiket sirap sivik sivil skop skrin skru snek soalan sokong sokongan solidariti sorok
    sosej sotong spesis stail statik stesen stim stoking stor stpm strategik strawberi strok
    suai suapan sudahpun sudikah sudu sufian suis sukan sultanah sumpahan sundal suratkhabar
    suraya suria suruhanjaya suspek susut sut syaaban syabas syahadah syaitan syak syarak
    syarikat syarikatnya syiling syria syura tabik tadah tadbir tadika tahfiz tahniah taip
    tajaan tajuk takat takkanlah taklimat taksub taktikal takziah takzim talam talian tamadun
    tangkal tapah tarikh tatabahasa tatu tauhu tauke tayar tekak teksi telahpun telefon
    televisyen tembikai tempah tempahan tempayan tempoh tempoyak temubual temuduga tenat
    tengahari tengok tengoklah tentangan tentera tenteranya tenung tepu teragak teragung
    terancang terap terawal terbabas terbabit terbahagi terbaharu terberak terbiar tercabut
    tercedera tercetus tercicir terdedah terhad terhantuk terharu terhasil teringatkan
    teringin terjejas terjumpa terkandas terkawal terkeluar terkorban terlanggar terletaknya
    terma termampu termasuklah ternakan ternampak terowong terpantas terpedaya terpulang
    terpulanglah tersalah tersekat terseksa terselamat tersenarai tersepit terserempak
    terserlah tersilap tertakluk tertuduh tertumpu teruk teruna terung terutamanya tetamu
    tetapan tetingkap tetuan tilam tilawah timbalan timbalannya tingkap titiwangsa tiub tokong
    toksik toleh toyol trafik trak treler tugasan tuisyen tujahan tumpas tunang tunangnya
    tunggang turutan ubat ubatan ubatnya ucapannya ugut ugutan ujibakat ujikaji ulam ungku
    universiti universitinya upahan upsi usahawan usik usno ustazah uzur voltan wabak wad wain
    walaubagaimanapun wap waran warden warganegara wawa wayar wuduk yalah ybhg yuran zapin
    """,
    clear="""
    aduan aduhai agaknya ahad ajar alahai allahumma allahyarhamah amani angsana aras atikah
    baki balu basuh bateri bebanan bendul beramai berangan berasid beratus berbelah berbual
    bergantung berhasrat berjuta berkait berkaliber berkemahiran berkemungkinan berkerjasama
    berkesan berkuat berkunci berkurung berlagak berlegar bermula bermusim berpatah berpaut
    berputus berselerak bersubahat bersukan bertali bertih bertuah betul bidaan bil bincang
    bising bolehkah bolehlah borang bulatan cakaran cendawan cenderahati cerun cip dadah
    dahaga dahlah darul dato dengar derma diamalkan diamlah dianggarkan dibahagikan
    dibelanjakan dibenarkan dibina didengari digariskan digeruni dikawal dikehendaki
    dikekalkan dikelirukan dikenali dikesan dimenangi dimusnahkan dipenjarakan diperbuat
    diselubungi diterokai drastik drpd dungu ejaan ekspo esok faedah fahami fasa fikir fikiran
    gari gayat gegar gelak gelarannya gentian geran gerun ghairah giat gincu guaman gubahan
    guna gurauan hakam halang halia handalan hasrat hayat hidraulik hipokrit ianya infiniti
    islamik jemputan jerit jirim jumpa jurukamera juvana kayangan kebal kecundang kedukaan
    kegemaran keharmonian kek kelasi kemahiran kemasukan kemukakan kenaikkan keperibadian
    kerahsiaan kerongkong kesahihan kesemuanya ketawa ketuai khat khazanah khidmat kilang
    kompang kononnya koyak kristian kuasanya kukuh kurniaan ladu lahad laju langgar lapan
    lawak lawaknya lawatan lelakinya lembing lembu letih limau luahan luaran lumus maaflah
    mahaguru maharaja mahfuz mahram malangnya manakala marin masin mekap melaungkan melawak
    melawati melucutkan membahagi membelasah memberangsangkan memenangi memperluaskan
    mempersoalkan memusnahkan menafikan menaip menamatkan mencarut mencontohi mendakwa
    menerajui mengandaikan mengaut mengawal mengekalkan mengelak mengepam mengesahkan
    menggerunkan menghapuskan mengingati menjejaskan menukar menyara menyemai menyepi
    menyertai menyeru menyifatkan menyokong menyorok menyukarkan merangkumi merebak merogol
    merta mohd mujurlah muktamad mumia murai nabawan nahas nampak narkotik nasyid nukilan
    nyalaan oren padan padu paras partinya parut patutkah pelajar pelancar pembahagian
    pembantah pemusnah penagih penat pencabar penentang pengambaran pengangkutan
    penganugerahan penggantungan pengkritik pengurusan pengutip pening penukaran penyingkiran
    perangai peranti perasan perayau perbadanan perbalahan perbandaran periuk perjumpaan
    perkakasan perkataan perli perlukan permaisuri perogol persembahan persoalannya pertuduhan
    peruntukan petronas picu piramid projek projektor puan pudina pupus rajah rakun rangup
    rehat reka rekaan rimau rintihan rizab romantik salahkah salai samalah sambar sebaik
    sebilik sedap sediakan sekeping sekurang semenanjung senyap sepatutnya seperkara serumpun
    sesawang setem seumpama sfera skim skrol solat stereng suam suluh syampu syarahan syeikh
    syurga tabiat tahi tahulah tampal tampar tasik tawan tebuan teknikal temenggung terangkan
    terbina tercekik terfikir terhempas terlupa termakbul terperanjat terpijak tersasar
    tertangguh teruknya teruskan tikam tipu tipulah tuanku tuaran tuduh tulen tumbuk tumpuan
    tunjang tunjuk ummah undur wangian zuhal zuriat
    """,
    fair="""
    abangnya aci adakah adik adun aeon alah alik alu amanah amar amat aminah anugerah arak
    artifak asas ayahanda azam azan baguslah bahar bahaya bakul balik bandar bantahan baran
    bas batalkan bayang beliau beliung benda berakhlak berasa berbanding berdikari beregu
    berganda bergelar bergelut bergembira berhantu berhimpun berhubung berhutang beribu
    berilmu beritahu berjaya berkelakuan berlainan bermakna bermaksud berpeluang berpuluh
    bersambung bersetubuh bersuara bertajuk bertukar berturut bertutur berunding biarlah
    biarpun biasalah biawak bilangan bina bini boleh borong buah buatkan buatnya bujang buli
    bungkusan bunyi cabut campak cemerlang cermin cicak ciptaan citarasa cukuplah culik
    dakwaan dapati daripada daripadanya daro datu datuk dengannya dengarlah diajar dibangunkan
    digantung dihalau dihapuskan diharamkan dijemput diketuai dikira diminati dinaikkan
    dipersalahkan dipersoalkan dirampas disahkan disambungkan ditanda ditimpa dol duanya
    duitnya eksotik ela elektrik exco falsafah fattah ganjaran gantian gelanggang gelaran geng
    genting gesa ghaib gigit goh gurau guruh habislah hajat hakikatnya hanafi harap hasutan
    helikopter helmi hendaklah herba hisap histeria hormat huru ibadat insan istiadat itik
    jadah jadian jaga jahanam jahit jambul jampi janggut jelajah jem jenaka jilat joget johan
    jutawan kadangkala kaitan kaji kancil karib kebajikan kebanyakan kecacatan kecemasan
    kedengaran kegilaan kejutkan kekasihku kelabu kelayakan keletihan keling kelmarin keluaran
    kemas kembalilah kemudahan kening kenyataan kepulangan kepunyaan kerdil keretanya kesah
    kesannya kesebelasan kesukaran kesunyian ketuk keutamaan kezaliman khayal kilat klon
    korporat kuali kuan kurangnya kurung kurungan kutip labuan lai laman lantik lapuk lat
    lautan lebihan lembap letak liberalisme lobak lorong luncur lupakanlah mahu maknanya
    mampus mangsa masam masanya masyhur matilah maut melancong melawat meletakkan meluluskan
    memanglah membangunkan membenarkan membentangkan membesar membetulkan membolehkan
    membuatkan memerhatikan menaiki menasihati mencetuskan mencukupi mendapati menentang
    mengalah mengamalkan menganjurkan mengembara mengena mengenainya menggalakkan
    menggembirakan menggugurkan menghalau mengkaji mengulas menikam menipu menjerit menjumpai
    menjurus menunggang menyalahi menyalak menyusahkan merampas mesra minggir mizan muat
    mubarak mufti mukanya musang naib neraka ngeri nyanyi nyanyian ong padanan pakatan pandai
    pandan pandu panggil pari pau pek pelancong pelawak peluh peluk peluru pemandu pemangsa
    pembedahan pemburu pemerhati pemindahan penang penawar pencapaian pencuci pengajian
    penganjur pengarah pengebom pengembara pengesahan penggal penghantar penghormatan
    penghujung penghulu penjagaan pentas penunggang penyelamat penyelewengan penyertaan
    perampas peranakan peranan perbincangan percayakan percuma perhentian perikatan periksalah
    perisai permainkan permulaan pernafasan perpaduan persatuan persekutuan petai peti polis
    premis psikiatri purba putera puteri rama ramai rampasan rancangannya rasuah rayuan rebah
    relaks riak riba ringkas risau robotik rujuk sabarlah sahih sakai salin sambung sambutan
    sampailah sebaya sebegitu sedia sedunia sejagat sejam sekala sekejap sekuriti semalam
    semestinya semula sentuh sepang separuh serai seram serbuan serendah serpihan siasat sila
    simpang simpanlah siput sorang sudi sulung sumbat sunat suntuk sunyi suruh sutera syawal
    syor taik takdir talak tamat tandatangan tanyalah taraf tasbih taufan tebusan teka telan
    terapung terbunuh terletak termaktub terperinci teruja tidurlah tisu titisan tolak tolong
    tolonglah tudung tulah tun tutup ucap undi wang watak wayang woi wujud wujudnya zahir
    zainal zakar
    """,
    lean="""
    abang adat ahli apabila awam bagaimanapun bagi baginda barisan bayaran bekalan berkata
    berkenaan berlaku bertanggungjawab bin binti cadangan calon denda dewan dicadangkan
    didakwa didapati dipercayai getah golongan hukuman ia ialah jabatan jaringannya jawatan
    johor kad kampung katanya kebangsaan kedah kedai kedudukan kejayaan kekal kelantan kepada
    keperluan kerajaan kereta kesan khas lagi lelaki lepas macam maklum malaysia melahirkan
    melaka melibatkan memastikan memerlukan mempunyai mencadangkan menerusi mengadakan
    mengenai mesti negeri padang pahang pameran pemohon penjaga penonton peringkatnya perkara
    permohonan pertandingan petang pula putrajaya rakan rakyat sabah sangka sarawak sebab
    sebaliknya sedar sekumpulan selangor seterusnya sukar supaya tahap tak tanggungjawab
    tempatan terbang terengganu tiada tuduhan tuntutan turut ujian
    """,
)
"""Words that speak for Malay against Indonesian."""

NEUTRAL: Final = _weighed(
    fair="""
    adiknya ahlinya ajaran ajari ajarkan asasi baginya bagusnya bahari bahayanya bayangan
    bayangkan benarkan benarnya berbahaya berbalik berbaring berbincang berbisa berbuah
    berbunyi bercabang berfikir berguna berhadapan berhala berharap berjaga berjasa berkaitan
    berkelahi berkelana berkencan berkorban berlakunya berlawanan bermacam berpakaian
    berpendidikan bersedia berselisih bertaraf bertentangan bertolak beruang berupaya bikini
    binaan buahan buahnya bunyinya dataran dengarkan diaktifkan dialami diarahkan dibacakan
    dibatalkan dibayangkan diberhentikan diberitahu diberkati dibiayai dibicarakan dibubarkan
    dicabut diculik didaftarkan didengar digabungkan digelar digigit digunakan dihadapan
    diharapkan dihiasi dihormati dihukum diingatkan diiringi dijaga dikategorikan dikemas
    dikemukakan dikendalikan diketahui dikhianati dikhususkan diklasifikasikan dikritik
    dikumpulkan dilantik dilepaskan diletakkan dimaksudkan dimanakah dimuat dinyanyikan
    dipandu dipelajari diperhatikan diperlukan dipermainkan diproses disalurkan disampaikan
    disangka disebabkan disediakan diseluruh disentuh disertakan disuruh ditakdirkan
    ditandatangani ditayangkan ditelan ditemani diterbangkan diterjemahkan diteruskan ditolak
    dituduh ditunjuk ditunjukkan ditutup ditutupi diucapkan diumumkan diwujudkan gabungan
    genggaman gigitan gunakan gunanya hadapannya harapan harapannya harapkan haruslah hasilkan
    hasilnya hayati hiasan hormati jagalah jahitan jasanya julian jumlahnya kaitannya kajian
    kebenaran kebetulan kebiasaannya kebijaksanaan kebocoran kecerdasan kecewakan kedalaman
    kedaulatan kegunaan kehidupan kehidupannya kehormatan keinginan kejadian kejuaraan
    kekebalan kekecewaan kelebihan kelewatan kelulusan kemasan kenyataannya kepadanya
    kepengurusan keputusan keputusannya keramaian keranjang kesatuan keseluruhan
    keseluruhannya kesungguhan ketagihan ketahuilah ketegangan ketetapan ketiadaan keturunan
    keturunannya kewarganegaraan khayalan korbankan kutipan lagian landasan lazimnya letaknya
    lingkaran lokasinya lucunya mangsanya melambung melampaui melanggar melemahkan melemparkan
    melepaskan melepaskannya meletakkannya meluas meluncur memadamkan membahayakan membalikkan
    membandingkan membatalkan membayangkan memberkati membesarkan membiayai membicarakan
    membingungkan membosankan membuahkan memetik memintanya mempelajari memproses memuat
    memudahkan memutuskan menakutkan mencabut mencatatkan mencerminkan menculik mendaftar
    mendatangkan mendengar mendengarkan menegakkan meneruskan mengajar mengajarkan
    mengaktifkan mengalahkan mengalami mengalihkan mengejutkan mengenakan mengerti mengesankan
    menggambarkan menggantikan menggantikannya menggigit menggunakannya menghalangi
    menghampiri mengharap mengharapkan menghiasi menghisap menghormati menghukum mengikuti
    mengikutinya mengimbangi mengingatkan mengkhianati mengkritik mengucapkan mengumpulkan
    mengumumkan mengunakan menjaga menjaganya menjahit menjelajah menjelajahi menjilat
    menjuarai mentega menunjuk menunjukkan menyalahkan menyatukan menyebarkan menyelamatkan
    menyelamatkannya meraih merasakan merekalah merenung merujuk muatan murahan nampaknya
    pakaian pakaiannya pakailah panduan panggilan pasaran pedalaman pedulikan pelajaran
    pelajari pelaksanaan pelanggaran pelantikan pelayan pelayaran peluncur pembaharuan
    pembayaran pemberitahuan pembiayaan pembina pembinaan pemusnahan penakut pencalonan
    pencarian penciptaan pendengar pendengaran penderitaan pendirian pengacara pengajar
    pengajaran pengasuh pengeluaran pengertian penggabungan penggantian pengguna penghalang
    pengkhianat pengkhianatan pengumuman pengunduran penjelajah penjelajahan penunjuk
    penyelamatan peralatan peraturan perbaiki perbuatan perbuatannya percakapan perdagangan
    perhatian perhatiannya perhatikan perhiasan perkampungan perlahan persebaya persediaan
    perselisihan persimpangan persoalan pertamanya pertemuan pertunangan pertunjukkan
    perundingan petunjuk psikologi raihan rakyatnya renungan ringkasan sajalah salinan saluran
    sambungan sampaikan sangatlah sasaran sebabkan sebabnya sebenarnya sebetulnya secukupnya
    sedari sedikit sedikitpun seimbang sekitarnya selesai seluas semacam semalaman sembah
    sentuhan sepadan serentak sertakan seruan sesaat sesorang sesuai sewaktu silakan suami
    suaminya sudahkah sudahlah tawanan tayangan temani temankan teramat terapi terapkan
    terbalik terbaring terbarunya terdengar tergesa terhalang terhingga terhormat terjaga
    terpadu terpendam terpesona tersentuh tertipu tertutup tewaskan tunangan tunjukkan ucapan
    ucapkan umumkan undian ungkapan ungkapkan waktunya wangi wujudkan
    """,
)
"""Words that Indonesian and Malay use alike although their stem is in a list."""

JAVANESE: Final = _weighed(
    strong="""
    adewe adhi adikku adol aja ajeg akeh akehe aluse amarga amba anake anakku ananging antuk
    anyep apik apike arang arep arepe arsa asile asmane atos awakdewe awake awit awujud badhe
    bakale balung banjur banyu bapake bathi bebarengan bebrayan bengi biyen bojo bojoku bosok
    boten budal budhe bulik bungah cacahe cangkem carane cedek cedhak cendhek cepak cilik
    dadekake dados dalane dawa deknen dekwingi dening dereng dewe deweke dhateng dhek dhewe
    dhewekan dheweke dhisik dhuwit dhuwur dianggep dibutuhake dienggo dientuk dientukake
    digawe digowo dikei dilakoni dingge dinggo dinten dipunginaaken dirembug disediakake disik
    ditokne ditukokake dituku diwehi diwenehi dodolan dolan duduh dumateng durung duweni duwit
    embuh emoh endhog endi endog enem enom entek enteni entuk eruh etuk ewu gawean gaweyan
    gedhang gedhe gedhene gegandhengan gegayutan gelem geneya geni getih getun godhong gowo
    grapyak gumun gur hurung ibune ingkang ireng irung isa isin iso isuk iwak jaba jagongan
    jajal jalaran jaran jare jarene jebule jembar jenengan jenenge jogan kabehane kabukten
    kados kae kagem kakang kaliyan kaluwarga kaluwargaku kamare kancaku kancane kandha kanggo
    kangmas kango kanthi kapedhot kapindho kaping kapisan kareben karo kasebat kasebut kasil
    kasusun kathok katon katone katur kayane kebeg kebek keluwarga kemproh kepengin kepriye
    kepungkur kerep kerjo kesuwen ketok ketoke klambi kobong kobongan konco kondhang kondo
    kondur kowe koyo kuciwa kudu kudune kui kula kulawarga kuping kutha kuto kuwi lajeng lan
    lare lemah lintang liyan liyane loro lumaku lunga lungguh luwih maem makarya malih manawa
    mandek mandheg maneka mangerteni mangkel mangkene mangkono marang maring maringi masarakat
    masiyo matur mbah mbakyu mbalik mbayar mben mbengi mbien mbiyen mbokmenawa mboten mbukak
    mburi mbutuhake medun menawa menawi meneh menehi mengko menika menune menyang merene merga
    mergo mesthi metu minangka miturut miturutku mlaku mlancong mlayu mlebu monggo mrana mrene
    mring mripat mrono mudhun mujudake muleh mulih mung munggah mungsuh murup nadyan nalika
    naliko nambut nampa namung nanging ndadekake ndeleng ndelok ndhelok ndhuwe ndhuwur nduwe
    nduweni nduwur nemen nemokake neng nerangake nesu ngadeg ngagem ngandhakake ngandhani
    ngandharake ngandhut ngandika nganggo nganti ngantos ngapa ngapura ngapusi ngarep
    ngasilake ngaturake ngedol ngelih ngemot ngenani ngendi ngendika ngene ngenteni ngerteni
    ngeweki nggarap nggawa nggawe nggo nggolek nggoleki nggone nggowo ngimpi ngisor ngomah
    ngombe ngono nguciwakake ngumumake nindakake njaba njagong njajal njaluk njero
    njlentrehake njupuk nompa nuduhake nuwun nyambut nyang nyapo nyebutake nyekel nyengkuyung
    nyilih nyuwun ojo omah ombean ombenan opo opone ora padha padhang pagaweyan pakaryan
    pakdhe paklik pamarentah pambuka pancen panganan panganane pangapunten panggah panggon
    panggonan panggonane panggone panjenengan panjenengane panyengkuyung papat paprentah
    patang paugeran pawongan pedot pegawe pelayanane pengin pepenget pepriksan perkawis peteng
    picis pikantuk pinarak pindo pinten pira pirang pirembugan pithik pitik piwulang piye
    podho podo ponakan prakara pundi pungkasan pungkase punika purun radak radha raine rana
    rasane regane reged reget regine rego rembug rembugan rembulan rena rencang rene reno
    rodho rodok sabanjure saben sadonya sadurunge saged saiki saka sakabehe sakaluwarga
    sakdurunge sakiki saking sakliyane sakpiro saktemene saktenane sakwise salajengipun sampek
    sampeyan sampun sanadyan sanajan sanes sanget sasi sawetara sawijining sawise sedhih
    sedulur sedulure sega segara sego seje seka seliyane senadyan senajan sengit sepira
    sepurane sesok sesuk sethithik setitik siji sijine sikil simbah sinten sirah sithik sitik
    soko sopo srengenge sumbut sumeh supados suwe suwi suwun takon tegese telu telung tembung
    temenan tenan tenanan thok tibake tinemu toya tuku tulung tumrap tumraping tuwa uga ugi
    ugo umure uripe urung utawa utawi uwes uwis uwong wareg wargane warganing watu wedang
    wedhus wedi wedok wedokan wegah werna wernane weruh weteng wewarah wewaton wingi wis wolu
    wonten yaiku yen yuta
    """,
    clear="""
    adoh alon anget apane cepet dadi dalan dhe dulur duwe elek esuk garwa gela golek griya ijo
    iku ilang ilat kabeh kanca kene kidul kiwa kono kulon lali lanang legi liya maneh mangan
    manuk manungsa mirah nagari nek ngerti ning olehe ono pitu resik rong sak seneng sepur
    tangi tansah teko tengen tresna turu udan urip wae wani wayah wengi wetan wong wulan
    """,
    fair="""
    anyar ati ayu bakal banget bar basa beda ben bocah dina gampang ing jawa jero kang kangge
    kawit kaya kedah kena lara larang lawang lawas lek nang nom rai rawuh salah sanga sapa
    sedaya sugeng tau taun tindak wektu wiwit yo
    """,
    lean="""
    abang jan tok
    """,
)
"""Accents are folded: é and è stand as e."""

SUNDANESE: Final = _weighed(
    strong="""
    abdi ageung ahirna alit ambek anaking anjeun anjeunna antawis antukna anu aranjeunna
    arapal artos arurang asup atanapi atawa atos atuda atuh awewe awon ayeuna babagi
    babarengan babari babaturan badag bade baheula barudak beas beureum beuteung biasana bilih
    bisi bungah caah caket cape cau cenah cengek ceuk ceurik cicing dahar dahareun dalapan
    damel deukeut dianggo diayakeun didieu didinya dieu digunakeun dijadikeun dilaksanakeun
    dilakukeun dinten dipikaresep disebat disebatkeun ditambih ditu dituna diwangun duaan dugi
    dumasar emut endog enggal enggeus enjing enteh entong eta euweuh euy gaduh gancang gawe
    genep geulis geus gigir gupernur halodo handap haneut hapunten hareup hatur hayam hayang
    hejo henteu hese heubeul hideung hiji hilap hoyong hui ieu imah indit indung iraha jadina
    jalma jalmi janten jelma jeung jiga jukut kaasup kaayaan kabagjaan kabeuleum kabutuhan
    kacida kacilakaan kadaharan kadangu kadieu kadinya kadua kahiji kahirupan kajadian kakara
    kaler kaluar kamajuan kamari kapanggih karuhun kasebat kasep katilu katingali katut kawas
    kekembangan kembang keneh kieu kitu kituna kiwari koneng kukituna kulawarga kulawargi
    kulem kumaha kunaon kuring kusabab lainna lalaki lalaunan langkung lebet lepat leres
    leueut leungeun leutik leuweung leuwih lini loba lumangsung maeh manehna mangpaat mangrupa
    mangrupikeun maot maranehna margi masarakat masihan matak matuh mawa mayar menta meser
    meuli meunang mibanda miboga milarian mimiti moal muhun munding murangkalih nagri naha
    najan nalika nampi nanaon nandeskeun naon naros nembe nempo nepi nepika netelakeun
    ngabantu ngabejakeun ngabogaan ngadamel ngadangu ngadenge ngadon ngadukung ngagaduhan
    ngagelar ngahasilkeun ngajadi ngajadikeun ngajelaskeun ngajual ngalaksanakeun ngalakukeun
    ngalaman ngaliwatan ngaluarkeun ngaran ngaranna ngarasa ngarasakeun ngarti ngartos
    ngarupakeun ngawangun ngayakeun ngembangkeun ngeunaan ngeunah ngijih nginjeum nginum
    ngiring ngobrol ngora ningali ninggali ningkatkeun nuhun numpak nyaeta nyaho nyandak
    nyarios nyarita nyieun nyokot nyuhunkeun oge ongkoh opatan padamelan padumuk paeh pagawean
    palangsiang palayanan pamandangan pamarentah pameget pamingpin pangalaman pangalusna
    pangaos pangaosna panggedena panggih panghadena panghandapna pangna parantos pasundan
    patepung pedah peuting pikeun pisan pohara priangan punten pupuhu pupus rahayat rampes
    rebu rek rerencangan rorompok saalit saatos sababaraha sabada sabenerna sabisana saeutik
    sagancangna sagede saha sahandapeun sahiji sakabeh sakedik salajengna salaku salapan
    salasahiji saleresna salila saluhureun samemeh sampeu sampurasun sanajan sanggeus sangkan
    sangu sapalih saparo saperti sapertos sareng sarua sasarengan sasatoan sasih satengah
    saterusna sateuacan saur saurang sejen sejenna sesah seueur seuneu seuri silih sirah
    sonten sumawonna sumping sumuhun supados tatangkalan taya tebih tempatna tetela teu tiasa
    tina tuangeun tuluy tungtungna ucing uih ulah unggal upama upami urug usum uyah waktos
    walungan wawakil wilujeng
    """,
    clear="""
    adina aya beurat boga diajar dina enya hampang hirup inget kalapa kana lantaran lauk luhur
    mah milu nganggo nu nuju sagala tiis tong
    """,
    fair="""
    alus anyar bakal bapa basa bener boh budak cai deui dipake ema enggon gede hade hate istri
    jadi ka kabeh kangge kanggo kedah keur kolot ku kudu lajeng lamun laun lembur lian mun
    mung nanya ngan poe poho raos saban sadaya sae sakola sami sanes sarta sepuh siga taun teh
    terang teras ti tos tuang urang usik wae wengi
    """,
)
"""As above."""

ENGLISH: Final = _weighed(
    clear="""
    about according after again against ago all also always and another anything are army
    asked attack attacks became because become been before began being best between bought
    brother but buy called came can cheap child children city closed come coming company could
    country court dead death decision did different doing done during each early election
    elections enough even ever every everyone everything expensive family father first food
    foreign found free friend friends from get give given going good got government great
    group groups has have having health help her here high him his home house how into its
    just killed know known late later law laws leader leaders left little long look looking
    low made make making many market may member members million minister money month months
    more morning most mother mr much my need needs never new night not nothing now of official
    officials one only other our out over own party peace people percent place please police
    power president price prices prison public put really report reported reports right road
    run said saw saying says school security see service she should show shown shows since
    sister small some someone something sorry statement states still street student students
    such take taken than thank thanks that the their them then there these they think this
    those through today told tomorrow town trade troops two under until use used uses using
    usually very vote want wanted water week weeks went were what when where which while who
    why will with within without woman women work working works world would year years
    yesterday you your
    """,
    fair="""
    as at both by case does for had he held in is it led met on or plan plans same set so
    state to was
    """,
)
"""Function words."""

MALAY_PHRASES: Final = (
    "alam sekitar",
    "amerika syarikat",
    "dalam pada itu",
    "ibu bapa",
    "jabatan perdana",
    "kanak kanak",
    "kapal terbang",
    "kerja raya",
    "ketua pegawai",
    "laman web",
    "memainkan peranan",
    "oleh kerana",
    "orang ramai",
    "pasar raya",
    "perdana menterinya",
    "pilihan raya",
    "sama ada",
    "tan sri",
    "tanah rendah",
    "telefon bimbit",
    "warga emas",
)
"""Everyday words that only together are Malay; each counts as a strong word."""
