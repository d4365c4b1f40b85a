<?php
// Makes an empty database a WordPress site and prints an application password for its REST API.
// The options are those of an Indonesian outlet; the theme is the one that Debian ships.
define('WP_INSTALLING', true);
require getenv('SITE') . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

wp_install('Warta Uji', 'redaksi', 'redaksi@contoh.test', true, '', wp_generate_password(), 'id_ID');
$options = [
    'timezone_string' => 'Asia/Jakarta',
    'date_format' => 'j F Y',
    'posts_per_page' => 10,
    'posts_per_rss' => 20,
    'default_comment_status' => 'closed',
    'permalink_structure' => '/%year%/%monthnum%/%day%/%postname%/',
];
foreach ($options as $name => $value) {
    update_option($name, $value);
}
switch_theme('twentytwentyone');
foreach (get_posts(['post_type' => ['post', 'page'], 'post_status' => 'any', 'numberposts' => -1]) as $sample) {
    wp_delete_post($sample->ID, true);
}
$owner = get_user_by('login', 'redaksi');
[$password] = WP_Application_Passwords::create_new_application_password($owner->ID, ['name' => 'uji']);
echo $password;
